import { defaultVerbs } from '../../src/domain/command/verbs.ts'
import type { Promotion } from '../../src/domain/promotion.ts'
import type { PromotionView } from '../../src/domain/promotion-view.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import { type CommitSha, commitSha, type EpochMs, epochMs } from '../../src/domain/units.ts'
import { deploymentOf, promotionOf, ringKeyOf } from './control-records.ts'
import { digestOf } from './ring-records.ts'

/** A minute of the night in which all of this happens. */
export function minute(count: number): EpochMs {
  return epochMs(Date.UTC(2026, 10, 21, 3, 0) + count * 60_000)
}

/** A commit that is easy to tell from others. */
export function commitOf(version: number): CommitSha {
  return commitSha(version.toString(16).padStart(40, '0'))
}

const key = ringKeyOf(1, { ring: 'production' })

/** Version 42 on its way into production, asked for by mona. */
export function shownPromotion(rest: Partial<Promotion> = {}): Promotion {
  return promotionOf(key, {
    id: 'p-42',
    candidate: { version: 42, digest: digestOf(42), commit: commitOf(42) },
    baseline: digestOf(41),
    requestedAt: minute(0),
    expiresAt: minute(7 * 24 * 60),
    ...rest,
  })
}

/** A deployment of a version in production, its id being the version. */
export function shownDeployment(version: number, rest: Partial<RingDeployment> = {}): RingDeployment {
  return {
    ...deploymentOf(key, { version, digest: digestOf(version), commit: commitOf(version), runId: 900 + version }),
    id: version,
    createdAt: minute(1),
    since: minute(2),
    ...rest,
  }
}

/** Version 41, active for long. */
export const active41 = shownDeployment(41, {
  state: 'active',
  activatedAt: minute(-60),
  since: minute(-60),
  url: 'https://shop.example.com',
})

/** Version 42 over version 41. */
export function shownView(rest: Partial<PromotionView> = {}): PromotionView {
  return {
    verbs: defaultVerbs,
    promotion: shownPromotion(),
    ringName: 'production',
    deployment: undefined,
    active: active41,
    before: active41,
    approvals: undefined,
    approvers: [],
    successor: undefined,
    runUrl: undefined,
    answers: [],
    shipped: undefined,
    changes: [],
    rollback: undefined,
    ...rest,
  }
}
