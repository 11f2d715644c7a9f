import { compareInterfaces } from '../domain/compatibility.ts'
import { activeDeployment, unfinished } from '../domain/deployment-history.ts'
import type { RunResult, SolutionResult } from '../domain/result.ts'
import { firstRings } from '../domain/ring-order.ts'
import type { RingFile, Solution } from '../domain/solution.ts'
import { type Version, versionName } from '../domain/version.ts'
import type { Published } from '../ports/artifacts.ts'
import { attachProvenance } from './attach-provenance.ts'
import type { BuildPorts } from './build-ports.ts'
import { compileSolution } from './compile-solution.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { findSolution } from './find-solution.ts'
import { openPromotion } from './open-promotion.ts'
import { publishVersion } from './publish-version.ts'
import { readOwnRings } from './read-rings.ts'
import { knowsThePointer, readRingHistory } from './ring-history.ts'

/** What to build. */
export interface BuildRequest {
  /** Only this solution; absent: all. */
  readonly solution: string | undefined
  /** The pull request that is built; absent: the default branch. */
  readonly pullRequest: { readonly number: number } | undefined
  readonly dryRun: boolean
}

/**
 * Builds every solution of the commit once: compiles, packs, publishes, numbers it, and sends it into its first rings. A tree whose content
 * is published already is not published again, and a first ring that points to it already is left alone.
 *
 * A build of a pull request is a draft: an artifact without a number, on its way nowhere.
 *
 * @throws {RingwayError} what keeps a solution from being published; those before it are published
 */
export async function build(ports: BuildPorts, request: BuildRequest): Promise<RunResult> {
  if (ports.run.fork) return forkIsNotPublished()
  const rings = await readOwnRings(ports)
  const { ringFile } = rings
  const solutions = request.solution === undefined ? ringFile.solutions : [findSolution(ringFile, request.solution)]
  // All are compiled before any is published: a problem in the last must not leave the first half of a push deployed.
  const compiled = []
  for (const solution of solutions) compiled.push(await compileSolution(ports, solution, rings))
  if (request.dryRun) return dryRun(compiled.map(one => one.solution.name))

  const built: SolutionResult[] = []
  for (const one of compiled) {
    ports.journal.say(`packing ${one.solution.name}: ${one.request.files.length} files`)
    const newest = await newestVersion(ports, one.solution)
    const published = await ports.artifacts.publish({ ...one.request, baseline: newest?.digest })
    built.push(
      request.pullRequest === undefined
        ? await publishAndSend(ports, {
            ringFile,
            solution: one.solution,
            published,
            before: newest,
          })
        : await publishDraft(ports, { solution: one.solution, published, before: newest }),
    )
  }
  return describe(built, request)
}

async function publishAndSend(
  ports: BuildPorts,
  work: {
    readonly ringFile: RingFile
    readonly solution: Solution
    readonly published: Published
    /** The newest version when publishing began. */
    readonly before: Version | undefined
  },
): Promise<SolutionResult> {
  const { ringFile, solution, published, before } = work
  const { version, created } = await publishVersion(ports, {
    solution: solution.name,
    published,
    newestBefore: before?.number ?? 0,
  })
  const candidate = {
    version: version.number,
    digest: version.digest,
    commit: version.commit,
    name: versionName(version.number),
  }
  const dispatched = await sendIntoFirstRings(ports, { ringFile, solution, candidate })
  return {
    solution: solution.name,
    version: candidate.name,
    digest: version.digest,
    content: version.content,
    published: created,
    changed: dispatched.length > 0,
    uploaded_bytes: published.uploadedBytes,
    compatibility: await compareWith(ports, work.before, published),
    dispatched,
  }
}

async function publishDraft(
  ports: BuildPorts,
  draft: { readonly solution: Solution; readonly published: Published; readonly before: Version | undefined },
): Promise<SolutionResult> {
  const { artifact, existed, uploadedBytes } = draft.published
  if (!existed) await attachProvenance(ports, { ...artifact, solution: draft.solution.name, version: undefined })
  return {
    solution: draft.solution.name,
    version: null,
    digest: artifact.digest,
    content: artifact.content,
    published: !existed,
    changed: false,
    uploaded_bytes: uploadedBytes,
    compatibility: await compareWith(ports, draft.before, draft.published),
    dispatched: [],
  }
}

/** How the interfaces compare with those of the version before: recorded at the build, so that nobody is surprised at a promotion. */
async function compareWith(
  ports: BuildPorts,
  before: Version | undefined,
  { artifact }: Published,
): Promise<SolutionResult['compatibility']> {
  if (before === undefined || before.digest === artifact.digest) return null
  const previous = await ports.artifacts.read(before.digest)
  if (previous === undefined) return null
  const { breaking, findings } = compareInterfaces(previous.manifest, artifact.manifest)
  return { breaking, findings: findings.map(({ words }) => words) }
}

/** First rings that take pushes and point to something else: a revert sends the old version again, a push that changes nothing sends none. */
async function sendIntoFirstRings(
  ports: BuildPorts,
  work: { readonly ringFile: RingFile; readonly solution: Solution; readonly candidate: Candidate },
): Promise<SolutionResult['dispatched']> {
  const { ringFile, solution, candidate } = work
  const sent: SolutionResult['dispatched'][number][] = []
  for (const ring of firstRings(solution).filter(one => one.deployOn === 'push')) {
    const place: Place = { ringFile, solution, ring }
    if (await isThereOrOnItsWay(ports, place, candidate)) continue
    const opened = await openPromotion(ports, {
      place,
      candidate,
      promotion: promotionId(`${ports.run.id}-${ring.environment}`),
      words: `pushed by @${ports.run.actor}`,
    })
    sent.push({ ring: ring.name, run_url: opened.runUrl, deployment_id: opened.deployment ?? null })
  }
  return sent
}

/** A name for a promotion that a re-run of the same job finds again. */
function promotionId(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 64)
}

async function isThereOrOnItsWay(ports: BuildPorts, place: Place, candidate: Candidate): Promise<boolean> {
  const history = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    enough: knowsThePointer,
  })
  // What an earlier attempt of this job opened is not on its way as long as no other run has taken it up.
  const newest = unfinished(history).findLast(record => record.runId !== ports.run.id)
  if (newest !== undefined) return newest.digest === candidate.digest
  return activeDeployment(history)?.digest === candidate.digest
}

async function newestVersion(ports: BuildPorts, solution: Solution): Promise<Version | undefined> {
  for await (const version of ports.versions.list(solution.name)) return version
  return undefined
}

function describe(solutions: readonly SolutionResult[], request: BuildRequest): RunResult {
  const published = solutions.filter(one => one.published)
  const changed = solutions.some(one => one.changed)
  const nothing = published.length === 0 && !changed
  const draft = request.pullRequest === undefined ? '' : `, a draft of #${request.pullRequest.number}`
  return {
    schema_version: 1,
    command: 'build',
    decision: nothing ? 'nothing' : 'done',
    reason_code: nothing ? 'nothing_changed' : 'ok',
    message: nothing
      ? 'Nothing changed: the content is published already, and the first rings point to it.'
      : `${solutions.map(one => `${one.solution} ${one.version ?? one.digest.slice(0, 19)}${draft}`).join(', ')}.`,
    changed,
    solutions,
  }
}

function dryRun(names: readonly string[]): RunResult {
  return {
    schema_version: 1,
    command: 'build',
    decision: 'nothing',
    reason_code: 'dry_run',
    message: `${names.join(', ')} compiled without errors; nothing was published.`,
    changed: false,
  }
}

function forkIsNotPublished(): RunResult {
  return {
    schema_version: 1,
    command: 'build',
    decision: 'refused',
    reason_code: 'fork_not_published',
    message: 'This pull request comes from a fork, and builds of forks are not published.',
    remedy: 'A maintainer can push the branch to this repository after reading it.',
    changed: false,
  }
}
