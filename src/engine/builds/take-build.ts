import { show } from '../../domain/effect.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { BuildAnswer, BuildReport } from '../../domain/run-protocol.ts'
import type { ArtifactRecord } from '../../ports/control-store.ts'
import { actorOf, expectRun, type RunCaller } from '../assignments/run-caller.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readCurrentPolicy } from '../control/read-policy.ts'
import { enterFirstRings } from './enter-first-rings.ts'

/**
 * Takes in what a build published, and requests the promotions that follow by themselves: a version goes into the first rings that deploy on
 * push. The same report again changes nothing.
 *
 * @throws {RingwayError} `unauthorised_run` when a build of a pull request claims a version; `unknown_version` when no git tag names it
 */
export async function takeBuild(ports: ControlPorts, caller: RunCaller, report: BuildReport): Promise<BuildAnswer> {
  const { tenant, repository } = caller
  const policy = await readCurrentPolicy(ports, caller)
  const { github, ringFile } = policy
  // A draft is built by the pull request's own workflow file; what it says is a draft and nothing more.
  if (report.version !== undefined) await expectRun(caller, policy, { events: ['push'] })
  if (report.version !== undefined && !(await isKnown(ports, caller, report))) {
    confirmVersion(report, await github.versions.read(report.solution, report.version))
  }
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
  return await ports.store.transaction({ tenant }, async tx => {
    await tx.artifacts.put(artifact)
    if (report.pullRequest !== undefined) {
      const record = await tx.conversations.lock(repository, report.pullRequest)
      await tx.conversations.save({ ...record, head: record.head ?? { commit: report.commit, seq: 0 } })
      await tx.effects.want([show(caller, { kind: 'conversation', issue: report.pullRequest })])
    }
    if (report.version === undefined || solution === undefined) return { promotions: [] }
    return { promotions: await enterFirstRings(ports, tx, { artifact, solution, by: actorOf(caller) }) }
  })
}

/** Most solutions of a repository are as they were before a push, and their versions were confirmed then. */
async function isKnown(ports: ControlPorts, caller: RunCaller, report: BuildReport): Promise<boolean> {
  const { tenant, repository } = caller
  const key = { tenant, repository, solution: report.solution }
  const known = await ports.store.transaction({ tenant }, tx => tx.artifacts.read(key, report.digest))
  return known !== undefined && known.version === report.version
}

/** Creating the tag was atomic: only what it names is the version, whatever a build says. */
function confirmVersion(report: BuildReport, tagged: { readonly digest: string } | undefined): void {
  if (tagged?.digest === report.digest) return
  throw new RingwayError({
    code: 'unknown_version',
    message: `No version tag of ${report.solution} names ${report.digest} as v${report.version ?? 0}.`,
    remedy: 'Run the build again; it makes the tag, and reports it.',
  })
}
