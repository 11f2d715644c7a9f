import {
  type GateOverride,
  isAutomatic,
  type Person,
  type Promotion,
  type PromotionSource,
} from '../../domain/promotion.ts'
import type { Ring } from '../../domain/ring.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { type EpochMs, epochMs, type Sha256Digest } from '../../domain/units.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { expectNotArchived } from '../control/expect-not-archived.ts'
import { sayPromotion } from '../control/move-promotion.ts'

/** A version that somebody wants in a ring. */
export interface PromotionWish {
  /** The new promotion's id. */
  readonly id: string
  /** Locked by this transaction. */
  readonly ring: RingRecord
  readonly policy: Ring
  readonly artifact: ArtifactRecord
  readonly by: Person
  readonly source: PromotionSource
  readonly reason?: string | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly hotfix?: boolean | undefined
  readonly override?: GateOverride | undefined
  readonly pullRequest?: number | undefined
}

/**
 * Takes a promotion in. Whether it may enter is decided afterwards, as often as a fact changes. Asking again for what waits already gives
 * the promotion that is there.
 *
 * @throws {RingwayError} `already_active`, `ring_archived`
 */
export async function requestPromotion(tx: ControlTransaction, wish: PromotionWish): Promise<Promotion> {
  const { ring, artifact } = wish
  expectNotArchived(ring)
  const baseline = await digestOf(tx, ring)
  const open = await tx.promotions.open(ring.key)
  const same = open.findLast(one => one.task === 'deploy')
  if (same !== undefined && same.candidate.digest === artifact.digest && isSameWish(same, wish)) return same
  if (baseline === artifact.digest) throw alreadyActive(ring, artifact)
  const promotion = draftPromotion(wish, { now: tx.now, baseline })
  await tx.promotions.add(promotion)
  await sayPromotion(tx, promotion)
  await tx.events.append({
    type: 'promotion.requested',
    key: ring.key,
    data: {
      promotion: wish.id,
      version: artifact.version ?? null,
      digest: artifact.digest,
      by: wish.by.login,
      reason: wish.reason ?? null,
    },
  })
  await tx.queue.send({ kind: 'ring', key: ring.key })
  return promotion
}

/** The promotion that a wish becomes. */
export function draftPromotion(
  wish: PromotionWish,
  { now, baseline }: { readonly now: EpochMs; readonly baseline: Sha256Digest | undefined },
): Promotion {
  const { version, digest, commit } = wish.artifact
  return {
    id: wish.id,
    key: wish.ring.key,
    state: 'requested',
    task: 'deploy',
    candidate: { version, digest, commit },
    baseline,
    requestedBy: wish.by,
    source: wish.source,
    reason: wish.reason,
    parameters: wish.parameters ?? {},
    hotfix: wish.hotfix ?? false,
    override: wish.override,
    pullRequest: wish.pullRequest,
    requestedAt: now,
    expiresAt: epochMs(now + wish.policy.promotionExpiry),
    verdicts: [],
    end: undefined,
    supersededBy: undefined,
    deployment: undefined,
    run: undefined,
    waitingJob: undefined,
  }
}

/** What moved by itself and is held becomes another wish when a person asks for it. */
function isSameWish(open: Promotion, wish: PromotionWish): boolean {
  const asksAnew = isAutomatic(open) && wish.source.kind !== 'automatic'
  return (
    !asksAnew &&
    open.hotfix === (wish.hotfix ?? false) &&
    (open.override === undefined) === (wish.override === undefined)
  )
}

async function digestOf(tx: ControlTransaction, ring: RingRecord): Promise<Sha256Digest | undefined> {
  const { deployment } = ring.pointer
  return deployment === undefined ? undefined : (await tx.deployments.read(deployment))?.digest
}

function alreadyActive({ key }: RingRecord, artifact: ArtifactRecord): RingwayError {
  return new RingwayError({
    code: 'already_active',
    message: `${key.ring} points to ${artifactName(artifact)} already.`,
    remedy: `Name another version, or comment \`/status\`.`,
  })
}
