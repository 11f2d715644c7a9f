import type { DeploymentRecord, RingHistory } from '../domain/deployment-history.ts'
import type { CheckResult } from '../domain/result.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { artifactName } from '../domain/version.ts'
import { confirmPointer } from './confirm-pointer.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Journey } from './deployment-journey.ts'
import { fetchPlacement } from './fetch-placement.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { readOrganisationLayer } from './read-organisation.ts'
import { validate } from './validate.ts'

/** A version on its way to active. */
export interface Placing {
  readonly place: Place
  readonly candidate: Candidate
  /** What happened in the ring until this run decided. */
  readonly history: RingHistory
  /** What the ring pointed to then. */
  readonly baseline: DeploymentRecord | undefined
}

/** The way to active. Each step throws what keeps it from the next. */
export async function placeAndValidate(
  ports: DeployPorts,
  work: Placing & { readonly journey: Journey; readonly checks: CheckResult[] },
): Promise<void> {
  const { place, candidate, baseline, journey, checks } = work
  const target = place.ring.deploy
  await journey.reach('building', { event: 'slot_taken', words: `fetching ${candidate.digest.slice(0, 19)}…` })
  const placement = await fetchPlacement(ports, {
    solution: place.solution.name,
    ring: place.ring,
    deployment: journey.deployment,
    version: candidate.version,
    digest: candidate.digest,
    previous: baseline,
    organisation: await readOrganisationLayer(ports),
  })
  await journey.reach('deploying', { event: 'packaged', words: `placing beside ${baselineName(baseline)}` })
  const placed = await ports.target.place(target, placement)
  if (placed.kind === 'failed') throw deployFailed(placed.words, placed.evidence)
  journey.answersAt(place.ring.url ?? placed.url)
  await journey.reach('validating', { event: 'placed', words: checkCount(place) })
  await validate(ports, { ring: place.ring, placement, url: placed.url, checks })
  await confirmPointer(ports, { place, seen: work.history, to: journey.deployment })
  const activated = await ports.target.activate(target, placement)
  if (activated.kind === 'failed') throw deployFailed(activated.words, activated.evidence)
  await journey.advance({ event: 'validated', words: `replaces ${baselineName(baseline)}` })
}

/** What the ring points to, in words. */
export function baselineName(record: DeploymentRecord | undefined): string {
  return record === undefined ? 'nothing' : artifactName(record)
}

function checkCount({ ring }: Place): string {
  return ring.checks.length === 1 ? '1 check' : `${ring.checks.length} checks`
}

/** The target did not take a version, or sent no traffic to it. */
export function deployFailed(words: string, evidence: string): RingwayError {
  return new RingwayError({
    code: 'deploy_command_failed',
    message: words,
    remedy: evidence === '' ? 'Look at the log of the step.' : `The last lines say why:\n${evidence}`,
  })
}
