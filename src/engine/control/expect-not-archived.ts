import { RingwayError } from '../../domain/ringway-error.ts'
import type { RingRecord } from '../../ports/control-store.ts'

/**
 * A ring that is paused or undeployed is still deployed into: pausing holds back runs, and a promotion deploys again what was undeployed.
 * Into one that is archived nothing goes, not even by a rollback.
 *
 * @throws {RingwayError} `ring_archived`
 */
export function expectNotArchived({ key, lifecycle }: RingRecord): void {
  if (lifecycle !== 'archived') return
  throw new RingwayError({
    code: 'ring_archived',
    message: `${key.ring} of ${key.solution} is archived: what it did can be read, and nothing enters it any more.`,
    remedy: 'Promote into another ring; archiving is final.',
  })
}
