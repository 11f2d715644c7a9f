import type { CheckResult } from '../../domain/result.ts'
import type { Ring } from '../../domain/ring.ts'
import type { Assignment } from '../../domain/run-protocol.ts'
import { artifactName } from '../../domain/version.ts'
import type { Placement, TargetOutcome } from '../../ports/target.ts'
import { deployFailed } from '../place-and-validate.ts'
import { restoreFailed } from '../rollback.ts'
import { validate } from '../validate.ts'
import type { AssignmentPorts, Reach } from './assignment-ports.ts'
import { fetchAssigned } from './fetch-assigned.ts'
import type { Narration } from './tell-app.ts'

/** An assignment under way. */
export interface Walk {
  readonly assignment: Assignment
  readonly narration: Narration
  /** Each check that has run, whatever comes after. */
  readonly checks: CheckResult[]
  reach: Reach
  /** Where the version answers, once the target has said so. */
  url: string | undefined
}

/**
 * The way to active: each step is told, and the App lets the next one begin.
 *
 * @throws {RingwayError} what keeps the deployment from the next step; {@link Stopped} when that is the App
 */
export async function walkToActive(ports: AssignmentPorts, walk: Walk, ring: Ring): Promise<void> {
  const { assignment, narration, checks } = walk
  const before = assignment.previous === undefined ? 'nothing' : artifactName(assignment.previous)
  const steps = assignment.task === 'restore' ? restoring(ports, ring) : placing(ports, ring)
  const advance = (reach: Reach): void => {
    walk.reach = reach
    ports.remember({ assignment, reach })
  }
  const placement = await fetchAssigned(ports, assignment, ring)
  await narration.goOn({ event: 'packaged', words: `fetched and verified, ${steps.how} ${before}` })
  advance('touched')
  const brought = await steps.bring(placement)
  // What people are shown may stand before every version; a check must ask this one.
  const url = ring.url ?? brought.url
  walk.url = url
  await narration.goOn({ event: 'placed', words: countOf(steps.checks, 'to pass'), url })
  await validate(ports, { ring: steps, placement, url: brought.url, checks })
  await narration.goOn({ event: 'checked', words: countOf(steps.checks, 'passed'), url, checks })
  await steps.activate(placement)
  advance('handed_over')
  await narration.goOn({ event: 'activated', words: `replaces ${before}`, url })
}

/** What differs between placing a version and restoring one. */
interface Steps extends Pick<Ring, 'checks'> {
  readonly how: string
  bring(placement: Placement): Promise<{ readonly url?: string | undefined }>
  activate(placement: Placement): Promise<unknown>
}

function placing({ target }: AssignmentPorts, { deploy, checks }: Ring): Steps {
  return {
    how: 'placing it beside',
    checks,
    bring: async placement => done(await target.place(deploy, placement), deployFailed),
    activate: async placement => done(await target.activate(deploy, placement), deployFailed),
  }
}

/** A rollback is for a hurry: the target brings traffic back with the version, and only its health is asked. */
function restoring({ target }: AssignmentPorts, { deploy, checks }: Ring): Steps {
  return {
    how: 'restoring it in place of',
    checks: checks.filter(check => check.kind === 'http'),
    bring: async placement => done(await target.restore(deploy, placement), restoreFailed),
    activate: async () => {},
  }
}

function done(
  outcome: TargetOutcome,
  asError: (words: string, evidence: string) => Error,
): { readonly url?: string | undefined } {
  if (outcome.kind === 'failed') throw asError(outcome.words, outcome.evidence)
  return outcome
}

function countOf(checks: Ring['checks'], end: string): string {
  return `${checks.length} ${checks.length === 1 ? 'check' : 'checks'} ${end}`
}
