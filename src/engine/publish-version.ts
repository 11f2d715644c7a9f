import { provenVersion } from '../domain/provenance.ts'
import { parseVersionName, type Version, type VersionNumber, versionName } from '../domain/version.ts'
import type { Published } from '../ports/artifacts.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import { attachProvenance, type ProvenancePorts } from './attach-provenance.ts'
import { type Numbered, numberVersion } from './number-version.ts'

/** What making a version of an artifact asks of the outside. */
export interface PublishVersionPorts extends ProvenancePorts {
  readonly versions: VersionTags
}

/**
 * Makes an artifact that is in the store a version: gives it its number, attaches its provenance and sets its registry tag. Each step
 * looks first, so a build that was lost between two of them is completed by the next one.
 *
 * @param publication.newestBefore - the newest version when publishing began; 0 when there was none
 */
export async function publishVersion(
  ports: PublishVersionPorts,
  publication: { readonly solution: string; readonly published: Published; readonly newestBefore: VersionNumber },
): Promise<Numbered> {
  const { solution, published, newestBefore } = publication
  const { artifact, isNewContent } = published
  const numbered = await numberVersion(ports.versions, {
    solution,
    artifact,
    commit: ports.run.commit,
    // Content is in the store before its version is tagged. The store had none of it after the newest version was read: so that one and
    // those before it have other content, and of hundreds of versions none need be read.
    othersUpTo: isNewContent ? newestBefore : 0,
    hints: isNewContent ? [] : await provenVersions(ports, published),
  })
  const { version } = numbered
  await attachProvenance(ports, { ...version, solution, version: versionName(version.number) })
  await ports.artifacts.tag(version.digest, registryTag(solution, version))
  return numbered
}

/** Statements can be written by anybody who can write to the store, so they only say where to look. */
async function provenVersions(
  { artifacts }: Pick<PublishVersionPorts, 'artifacts'>,
  { artifact }: Published,
): Promise<readonly VersionNumber[]> {
  const statements = await artifacts.readStatements(artifact.digest)
  const numbers = statements.flatMap(statement => parseVersionName(provenVersion(statement) ?? '') ?? [])
  return [...new Set(numbers)]
}

/** The registry tag that helps people find a version. Nothing is ever deployed by it. */
export function registryTag(solution: string, version: Version): string {
  return `${solution}-${versionName(version.number)}`
}
