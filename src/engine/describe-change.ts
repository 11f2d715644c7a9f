import type { ConfigLayer } from '../domain/configuration.ts'
import { manifestDifference } from '../domain/difference/manifest-difference.ts'
import {
  diffConfiguration,
  type EffectiveConfiguration,
  effectiveConfiguration,
} from '../domain/effective-configuration.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Sha256Digest } from '../domain/units.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import { changesAsText } from '../text/change-lines.ts'
import { configurationChangeLines } from '../text/configuration-changes.ts'
import { manifestChangeLines } from '../text/manifest-changes.ts'

/** Two versions that follow each other in a ring. */
export interface RingChange {
  readonly ring: string
  /** What the ring points to; absent: nothing, so that all is new. */
  readonly from: Sha256Digest | undefined
  readonly to: Sha256Digest
  /** The organisation's configuration layer, which is no part of an artifact. */
  readonly organisation: ConfigLayer
}

/**
 * What would ship: components, files and locks that differ, and the ring's effective configuration before and after, one line each. Empty
 * when nothing differs or nothing ran before.
 */
export async function describeChange(artifacts: Artifacts, change: RingChange): Promise<readonly string[]> {
  const { ring, from, to, organisation } = change
  if (from === undefined || from === to) return []
  const [before, after] = await Promise.all([artifacts.read(from), artifacts.read(to)])
  if (before === undefined || after === undefined) return []
  const configuration = diffConfiguration(
    configurationOf(before.manifest, ring, organisation),
    configurationOf(after.manifest, ring, organisation),
  )
  const lines = [
    ...manifestChangeLines(manifestDifference(before.manifest, after.manifest)),
    ...configurationChangeLines(configuration),
  ]
  return lines.length === 0 ? [] : changesAsText(lines).split('\n')
}

/** The effective configuration of a version in a ring. */
export function configurationOf(
  manifest: Pick<Manifest, 'config'>,
  ring: string,
  organisation: ConfigLayer,
): EffectiveConfiguration {
  const { repository, solution, rings } = manifest.config
  return effectiveConfiguration({ organisation, repository, solution, ring: rings[ring] ?? {} })
}
