import type { CheckResult } from '../domain/result.ts'
import type { Ring } from '../domain/ring.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { Placement } from '../ports/target.ts'
import type { DeployPorts } from './deploy-ports.ts'

/** A placed version and the checks it must pass. */
export interface Validation {
  readonly ring: Pick<Ring, 'checks'>
  readonly placement: Placement
  /** Where the version answers, as the target reported it. */
  readonly url: string | undefined
  /** Each check that has run is added here, so that its evidence is there whatever comes after. */
  readonly checks: CheckResult[]
}

/**
 * Runs the checks in order and stops at the first that does not pass. What could not be asked has not passed.
 *
 * @throws {RingwayError} `validation_failed`
 */
export async function validate(
  ports: Pick<DeployPorts, 'checkRunner' | 'journal'>,
  validation: Validation,
): Promise<void> {
  const { ring, placement, url, checks } = validation
  for (const check of ring.checks) {
    const outcome = await ports.checkRunner.run(check, { placement, url })
    checks.push({
      kind: outcome.kind,
      words: outcome.words,
      evidence: outcome.evidence,
      attempts: outcome.attempts,
      took_ms: outcome.tookMs,
    })
    ports.journal.say(`check ${outcome.kind}: ${outcome.words}`)
    if (outcome.kind !== 'passed') {
      throw new RingwayError({
        code: 'validation_failed',
        message: outcome.words,
        remedy:
          outcome.evidence === '' ? 'Fix it and push.' : 'Fix it and push; the evidence is in the summary of the run.',
      })
    }
  }
}
