import { healthySince, type RingHistory } from '../domain/deployment-history.ts'
import { evaluateGates, type GateDecision, type GateFacts } from '../domain/gates/evaluate-gates.ts'
import type { RingFacts } from '../domain/gates/quarantine-gate.ts'
import { earlierRings } from '../domain/ring-order.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { readCheckFacts } from './read-check-facts.ts'
import { readCommitHistory, readRingHistory } from './ring-history.ts'

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
  const [rings, checks, reviewed] = await Promise.all([
    readRingFacts(ports, request),
    readCheckFacts(ports, place, { commit: candidate.commit, ownRun: ports.run.id }),
    place.ring.gates.approvals !== undefined && ports.environments.hasRequiredReviewers(place.ring.environment),
  ])
  const facts: GateFacts = {
    ring: place.ring,
    candidate,
    now: ports.clock.now(),
    rings,
    checks,
    reviewedOnGithub: reviewed,
  }
  return evaluateGates(facts)
}

/** This ring's recent history and what happened to this artifact however long ago, here and in the earlier rings. */
async function readRingFacts(
  ports: DeployPorts,
  { place, candidate, history }: GateRequest,
): Promise<readonly RingFacts[]> {
  const { solution, ring } = place
  const earlier = earlierRings(solution, ring)
  const ofCommit =
    candidate.commit === undefined
      ? undefined
      : await readCommitHistory(ports, {
          solution: solution.name,
          environments: [ring, ...earlier].map(one => one.environment),
          commit: candidate.commit,
        })
  const known = new Set(history.map(record => record.id))
  const older = ofCommit?.get(ring.environment)?.filter(record => !known.has(record.id)) ?? []
  const own = { ring: ring.name, history: [...older, ...history] }
  const others = earlier.map(async ({ name, environment }) => ({
    ring: name,
    history: await readCandidateIn(ports, { place: { solution: solution.name, environment }, candidate, ofCommit }),
  }))
  return [own, ...(await Promise.all(others))]
}

/**
 * What happened to an artifact in one ring. Our Deployments stand on its commit; those that GitHub opened for a job stand on the branch's
 * head and are found among the newest.
 */
async function readCandidateIn(
  ports: DeployPorts,
  request: {
    readonly place: { readonly solution: string; readonly environment: string }
    readonly candidate: Candidate
    readonly ofCommit: ReadonlyMap<string, RingHistory> | undefined
  },
): Promise<RingHistory> {
  const { place, candidate, ofCommit } = request
  const own = ofCommit?.get(place.environment)
  if (own?.some(record => record.digest === candidate.digest)) return own
  return await readRingHistory(ports, {
    ...place,
    enough: history => healthySince(history, candidate.digest) !== undefined,
  })
}
