import { compareInterfaces } from '../domain/compatibility.ts'
import type { RunResult, SolutionResult } from '../domain/result.ts'
import type { RingFile, Solution } from '../domain/solution.ts'
import { artifactName, type Version } from '../domain/version.ts'
import type { Artifact, Published } from '../ports/artifacts.ts'
import { attachProvenance } from './attach-provenance.ts'
import type { BuildPorts } from './build-ports.ts'
import { compileSolution } from './compile-solution.ts'
import type { Candidate } from './find-candidate.ts'
import { findSolution } from './find-solution.ts'
import { publishVersion } from './publish-version.ts'
import { readOwnRings } from './read-rings.ts'

/** What to build. */
export interface BuildRequest {
  /** Only this solution; absent: all. */
  readonly solution: string | undefined
  /** The pull request that is built; absent: the default branch. */
  readonly pullRequest: { readonly number: number } | undefined
  readonly dryRun: boolean
}

/** An artifact that a build put into the store, or found there. */
export interface Built {
  readonly ringFile: RingFile
  readonly solution: Solution
  readonly candidate: Candidate
  readonly artifact: Pick<Artifact, 'content' | 'manifest'>
}

/** What becomes of an artifact that was built. */
export type SendOn = (built: Built) => Promise<Pick<SolutionResult, 'dispatched' | 'promotions'>>

/**
 * Builds every solution of the commit once: compiles, packs, publishes, numbers it, and sends it on. A tree whose content is published
 * already is not published again.
 *
 * A build of a pull request is a draft: an artifact without a number, on its way nowhere.
 *
 * @throws {RingwayError} what keeps a solution from being published; those before it are published
 */
export async function build(ports: BuildPorts, request: BuildRequest, sendOn: SendOn): Promise<RunResult> {
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
    const work = { ringFile, solution: one.solution, published, before: newest, sendOn }
    built.push(await (request.pullRequest === undefined ? publishAndSend(ports, work) : publishDraft(ports, work)))
  }
  return describe(built, request)
}

/** A solution whose artifact is in the store. */
interface Publishing {
  readonly ringFile: RingFile
  readonly solution: Solution
  readonly published: Published
  /** The newest version when publishing began. */
  readonly before: Version | undefined
  readonly sendOn: SendOn
}

async function publishAndSend(ports: BuildPorts, work: Publishing): Promise<SolutionResult> {
  const { solution, published, before } = work
  const { version, created } = await publishVersion(ports, {
    solution: solution.name,
    published,
    newestBefore: before?.number ?? 0,
  })
  const { digest, number, commit } = version
  const name = artifactName({ version: number, digest })
  return await describeBuilt(ports, work, {
    candidate: { version: number, digest, commit, name },
    created,
  })
}

async function publishDraft(ports: BuildPorts, work: Publishing): Promise<SolutionResult> {
  const { artifact, existed } = work.published
  if (!existed) await attachProvenance(ports, { ...artifact, solution: work.solution.name, version: undefined })
  const { digest } = artifact
  return await describeBuilt(ports, work, {
    candidate: { version: undefined, digest, commit: ports.run.commit, name: artifactName({ digest }) },
    created: !existed,
  })
}

async function describeBuilt(
  ports: BuildPorts,
  { ringFile, solution, published, before, sendOn }: Publishing,
  { candidate, created }: { readonly candidate: Candidate; readonly created: boolean },
): Promise<SolutionResult> {
  const { artifact, uploadedBytes } = published
  const sent = await sendOn({ ringFile, solution, candidate, artifact })
  return {
    solution: solution.name,
    version: candidate.version === undefined ? null : candidate.name,
    digest: candidate.digest,
    content: artifact.content,
    published: created,
    changed: sent.dispatched.length > 0 || (sent.promotions ?? []).length > 0,
    uploaded_bytes: uploadedBytes,
    compatibility: await compareWith(ports, before, published),
    ...sent,
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
