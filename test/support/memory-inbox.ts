import { epochMs } from '../../src/domain/units.ts'
import type { DeliveryOutcome, Inbox, NewDelivery, StoredDelivery } from '../../src/ports/inbox.ts'

/** An inbox that forgets everything when the process ends; in all else what the port says. */
export interface MemoryInbox extends Inbox {
  /** In the order in which they were stored. */
  readonly deliveries: readonly StoredDelivery[]
  outcomeOf(guid: string): { readonly outcome: DeliveryOutcome; readonly words: string } | undefined
}

export function createMemoryInbox(now: () => number = Date.now): MemoryInbox {
  const byGuid = new Map<string, StoredDelivery>()
  const outcomes = new Map<string, { outcome: DeliveryOutcome; words: string }>()
  return {
    get deliveries() {
      return [...byGuid.values()]
    },
    outcomeOf: guid => outcomes.get(guid),
    async accept(delivery: NewDelivery) {
      const known = byGuid.get(delivery.guid)
      if (known !== undefined) return known.bodySha256 === delivery.bodySha256 ? 'known' : 'conflict'
      byGuid.set(delivery.guid, { ...delivery, receivedAt: epochMs(now()), seq: byGuid.size + 1 })
      return 'stored'
    },
    read: async guid => byGuid.get(guid),
    async conclude(guid, outcome, words) {
      if (byGuid.has(guid) && !outcomes.has(guid)) outcomes.set(guid, { outcome, words })
    },
  }
}
