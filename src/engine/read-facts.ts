import { healthySince, isQuarantined, type RingHistory } from '../domain/deployment-history.ts'
import type { CheckFacts } from '../domain/gates/checks-gate.ts'
import { evaluateGates, type GateDecision, type GateFacts } from '../domain/gates/evaluate-gates.ts'
import type { RingFacts } from '../domain/gates/quarantine-gate.ts'
import { earlierRings } from '../domain/ring-order.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { CommitSha } from '../domain/units.ts'
import type { CommitCheck } from '../ports/commit-checks.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { readRingHistory } from './ring-history.ts'

/** What a decision about one ring looks at. */
export interface GateRequest {
  readonly place: Place
  readonly candidate: Candidate
  /** This ring's history, as read for other reasons already. */
  readonly history: RingHistory
}

/** Reads what the gates of a ring ask for, and nothing more, and evaluates them all. */
export async function askGates(ports: DeployPorts, request: GateRequest): Promise<GateDecision> {
  const { place, candidate } = request
  const [earlier, checks, protection] = await Promise.all([
    readEarlierRings(ports, place, candidate),
    readChecks(ports, place, candidate.commit),
    place.ring.gates.approvals === undefined ? undefined : ports.environments.protection(place.ring.environment),
  ])
  const own = await readOwnRing(ports, request)
  const facts: GateFacts = {
    ring: place.ring,
    candidate,
    now: ports.clock.now(),
    rings: [own, ...earlier],
    checks,
    approvals: { reviewedOnGithub: protection?.requiredReviewers ?? false },
  }
  return evaluateGates(facts)
}

/** The recent history, and what happened to this artifact however long ago. */
async function readOwnRing(ports: DeployPorts, { place, candidate, history }: GateRequest): Promise<RingFacts> {
  const { solution, ring } = place
  if (isQuarantined(history, candidate.digest) || candidate.commit === undefined) return { ring: ring.name, history }
  const older = await readRingHistory(ports, {
    solution: solution.name,
    environment: ring.environment,
    commit: candidate.commit,
    enough: () => false,
  })
  const known = new Set(history.map(record => record.id))
  return { ring: ring.name, history: [...older.filter(record => !known.has(record.id)), ...history] }
}

async function readEarlierRings(
  ports: DeployPorts,
  { solution, ring }: Place,
  candidate: Candidate,
): Promise<readonly RingFacts[]> {
  return await Promise.all(
    earlierRings(solution, ring).map(async earlier => ({
      ring: earlier.name,
      history: await readCandidateIn(ports, { solution: solution.name, environment: earlier.environment, candidate }),
    })),
  )
}

/**
 * What happened to an artifact in one ring. Our Deployments stand on its commit; those that GitHub opened for a job stand on the branch's
 * head and are found among the newest.
 */
async function readCandidateIn(
  ports: DeployPorts,
  place: { readonly solution: string; readonly environment: string; readonly candidate: Candidate },
): Promise<RingHistory> {
  const { candidate, ...where } = place
  const healthy = (history: RingHistory): boolean => healthySince(history, candidate.digest) !== undefined
  if (candidate.commit !== undefined) {
    const own = await readRingHistory(ports, { ...where, commit: candidate.commit, enough: () => false })
    if (own.some(record => record.digest === candidate.digest)) return own
  }
  return await readRingHistory(ports, { ...where, enough: healthy })
}

async function readChecks(
  ports: DeployPorts,
  { ring, ringFile }: Place,
  commit: CommitSha | undefined,
): Promise<CheckFacts | undefined> {
  if (ring.gates.checks === 'none' || commit === undefined) return undefined
  try {
    const [checks, ownRuns, required] = await Promise.all([
      ports.checks.list(commit),
      ports.runs.startedFor(ringFile.workflow, commit),
      ring.gates.checks === 'required' ? ports.checks.required() : [],
    ])
    return {
      checks: checks.map(check => ({ name: check.name, outcome: check.outcome, own: isOwn(check, ownRuns) })),
      required,
    }
  } catch (error) {
    if (error instanceof RingwayError) return { checks: [], required: [], unreadable: error.message }
    throw error
  }
}

/** A ring that waited for its own job, or for the build that dispatched it, would wait for ever. */
function isOwn(check: CommitCheck, ownRuns: readonly number[]): boolean {
  return check.name.startsWith('ringway/') || (check.runId !== undefined && ownRuns.includes(check.runId))
}
