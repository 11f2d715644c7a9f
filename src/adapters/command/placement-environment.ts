import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parameterVariable } from '../../domain/promotion-parameters.ts'
import type { Placement } from '../../ports/target.ts'

/** What a command that runs for a placement is given. */
export interface PlacementEnvironment {
  readonly variables: Record<string, string>
  /** `RINGWAY_OUTPUT`: the file that the command writes `url=…` to. */
  readonly outputFile: string
}

/**
 * Gives `use` the environment of a command that runs for a placement: what the job has, without the Action's own inputs, and what is
 * placed. The files that it names are gone when `use` has ended.
 */
export async function withPlacementEnvironment<T>(
  inherited: Readonly<Record<string, string | undefined>>,
  placement: Placement,
  use: (environment: PlacementEnvironment) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'ringway-command-'))
  const file = (name: string): string => join(scratch, name)
  try {
    await writeFile(file('config.json'), JSON.stringify(placement.configuration))
    await writeFile(file('manifest.json'), JSON.stringify(placement.manifest))
    await writeFile(file('output'), '')
    const variables = {
      ...withoutInputs(inherited),
      ...parameterVariables(placement.parameters),
      RINGWAY_SOLUTION: placement.solution,
      RINGWAY_RING: placement.ring,
      RINGWAY_ENVIRONMENT: placement.environment,
      RINGWAY_VERSION: placement.version,
      RINGWAY_DIGEST: placement.digest,
      RINGWAY_DEPLOYMENT: String(placement.deployment),
      RINGWAY_PREVIOUS_VERSION: placement.previous?.version ?? '',
      RINGWAY_PREVIOUS_DIGEST: placement.previous?.digest ?? '',
      RINGWAY_CONFIG: file('config.json'),
      RINGWAY_MANIFEST: file('manifest.json'),
      RINGWAY_OUTPUT: file('output'),
    }
    return await use({ variables, outputFile: file('output') })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function parameterVariables(parameters: Placement['parameters'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [parameterVariable(key), value]))
}

/** Inputs hold the job's token and the store's password: no command of a user gets to see them. */
export function withoutInputs(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !/^(INPUT|STATE)_/.test(name))
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
