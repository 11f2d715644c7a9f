import { show } from '../../domain/effect.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { firstRings } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { BuildAnswer, BuildReport } from '../../domain/run-protocol.ts'
import type { ArtifactRecord } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readPolicy } from '../control/read-policy.ts'
import { requestPromotion } from '../promotions/request-promotion.ts'

/** The run that built. */
export interface BuildCaller extends RepositoryKey {
  readonly actor: Person
  /** Whether it built a push to the default branch; else it built a pull request, and what it made is a draft. */
  readonly isDefaultBranch: boolean
}

/**
 * Takes in what a build published, and requests the promotions that follow by themselves: a version goes into the first rings that deploy on
 * push. The same report again changes nothing.
 *
 * @throws {RingwayError} `unauthorised_run` when a build of a pull request claims a version; `unknown_version` when no git tag names it
 */
export async function takeBuild(ports: ControlPorts, caller: BuildCaller, report: BuildReport): Promise<BuildAnswer> {
  const { tenant, repository } = caller
  const { github, ringFile } = await readPolicy(ports, caller)
  if (report.version !== undefined)
    await confirmVersion(caller, report, await github.versions.read(report.solution, report.version))
  const artifact: ArtifactRecord = {
    tenant,
    repository,
    solution: report.solution,
    digest: report.digest,
    content: report.content,
    version: report.version,
    commit: report.commit,
    pullRequest: report.pullRequest,
    manifest: report.manifest,
    builtAt: await ports.store.transaction({ tenant }, async tx => tx.now),
  }
  const solution = ringFile.solutions.find(({ name }) => name === report.solution)
  const rings = report.version === undefined || solution === undefined ? [] : firstRings(solution)
  return await ports.store.transaction({ tenant }, async tx => {
    await tx.artifacts.put(artifact)
    if (report.pullRequest !== undefined) {
      await tx.effects.want([show(caller, { kind: 'conversation', issue: report.pullRequest })])
    }
    const promotions: { ring: string; promotion: string }[] = []
    for (const policy of rings.filter(({ deployOn }) => deployOn === 'push')) {
      const key: RingKey = { tenant, repository, solution: report.solution, ring: policy.name }
      const ring = await tx.rings.lock(key, policy.environment)
      const promotion = await unlessActive(() =>
        requestPromotion(tx, {
          id: ports.newId(),
          ring,
          policy,
          artifact,
          by: caller.actor,
          source: { kind: 'automatic', after: 'build' },
          pullRequest: undefined,
        }),
      )
      if (promotion !== undefined) promotions.push({ ring: policy.name, promotion: promotion.id })
    }
    return { promotions }
  })
}

/** Creating the tag was atomic: only what it names is the version, whatever a build says. */
async function confirmVersion(
  caller: BuildCaller,
  report: BuildReport,
  tagged: { readonly digest: string } | undefined,
): Promise<void> {
  if (!caller.isDefaultBranch) {
    throw new RingwayError({
      code: 'unauthorised_run',
      message: `Only a build of the default branch publishes versions, and this one claims v${report.version ?? 0}.`,
      remedy: 'Merge the pull request: the build of the merge publishes the version.',
    })
  }
  if (tagged?.digest === report.digest) return
  throw new RingwayError({
    code: 'unknown_version',
    message: `No version tag of ${report.solution} names ${report.digest} as v${report.version ?? 0}.`,
    remedy: 'Run the build again; it makes the tag, and reports it.',
  })
}

async function unlessActive<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request()
  } catch (error) {
    if (error instanceof RingwayError && (error.code === 'already_active' || error.code === 'ring_archived'))
      return undefined
    throw error
  }
}
