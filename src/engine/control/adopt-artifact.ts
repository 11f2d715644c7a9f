import type { SolutionKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Sha256Digest } from '../../domain/units.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction, RepositoryRecord } from '../../ports/control-store.ts'
import type { CommandContext } from '../commands/command-context.ts'

/** A version that another repository of the tenant built, as this repository takes it. */
export interface AdoptedArtifact {
  /** As this repository keeps it from now on: under its own name, at its own newest commit, because GitHub shows a deployment on a commit. */
  readonly artifact: ArtifactRecord
  /** `owner/name` of the repository that built it. */
  readonly from: string
}

/** What is asked for elsewhere. */
interface Asked {
  readonly key: SolutionKey
  readonly digest: Sha256Digest
}

/**
 * Finds a published version by its digest among the tenant's other repositories, under the same name of the solution. Whoever asks must be
 * able to read the repository that built it: to everybody else it does not exist.
 *
 * @returns undefined when there is none that the person may know of
 * @throws {RingwayError} `not_reachable`; `request_invalid` when its number is another version here
 */
export async function adoptArtifact(context: CommandContext, asked: Asked): Promise<AdoptedArtifact | undefined> {
  const { ports, policy, person, tenant } = context
  const elsewhere = await ports.store.transaction(context, tx => builtElsewhere(tx, asked))
  for (const { repository, artifact } of elsewhere) {
    const github = await ports.github({ tenant, repository: repository.repository })
    const { permission } = await github.people.roleOf(person)
    if (permission === 'none') continue
    const from = `${repository.owner}/${repository.name}`
    if (!(await github.reach.isReachable(artifact.commit))) throw notReachable(artifact, from)
    await ports.store.transaction(context, tx => expectFreeNumber(tx, { ...asked, artifact, from }))
    const commit = await policy.github.versions.defaultBranchHead()
    return { from, artifact: { ...artifact, ...asked.key, commit, pullRequest: undefined } }
  }
  return undefined
}

async function builtElsewhere(
  tx: ControlTransaction,
  { key, digest }: Asked,
): Promise<readonly { readonly repository: RepositoryRecord; readonly artifact: ArtifactRecord }[]> {
  const repositories = await tx.repositories.list()
  const others = repositories.filter(one => one.repository !== key.repository && one.removedAt === undefined)
  const found = await Promise.all(
    others.map(async repository => ({
      repository,
      artifact: await tx.artifacts.read({ ...key, repository: repository.repository }, digest),
    })),
  )
  // A draft was built by a pull request's own workflow file: it goes no further than its repository.
  return found.flatMap(({ repository, artifact }) =>
    artifact?.version === undefined ? [] : [{ repository, artifact }],
  )
}

/** A version is one digest for ever, here as well. */
async function expectFreeNumber(
  tx: ControlTransaction,
  { key, artifact, from }: Asked & { readonly artifact: ArtifactRecord; readonly from: string },
): Promise<void> {
  const { version } = artifact
  const own = version === undefined ? undefined : await tx.artifacts.version(key, version)
  if (own === undefined) return
  throw new RingwayError({
    code: 'request_invalid',
    message: `${artifactName(artifact)} of ${key.solution} is another artifact in this repository than in ${from}.`,
    remedy: 'Let one repository build the solution, and the others take its versions.',
  })
}

function notReachable(artifact: ArtifactRecord, from: string): RingwayError {
  return new RingwayError({
    code: 'not_reachable',
    message: `The commit of ${artifactName(artifact)} is not in the default branch of ${from}.`,
    remedy: 'Promote a version that was built from the default branch.',
  })
}
