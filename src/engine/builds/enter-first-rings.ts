import type { Person } from '../../domain/promotion.ts'
import type { RingKey } from '../../domain/ring-key.ts'
import { firstRings } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Solution } from '../../domain/solution.ts'
import type { ArtifactRecord, ControlTransaction } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { requestPromotion } from '../promotions/request-promotion.ts'

/** A promotion that was requested by itself. */
export interface RequestedPromotion {
  readonly ring: string
  readonly promotion: string
}

/** Requests that a new version goes into the first rings that deploy on push. */
export async function enterFirstRings(
  { newId }: Pick<ControlPorts, 'newId'>,
  tx: ControlTransaction,
  entering: { readonly artifact: ArtifactRecord; readonly solution: Solution; readonly by: Person },
): Promise<readonly RequestedPromotion[]> {
  const { artifact, solution, by } = entering
  const { tenant, repository } = artifact
  const promotions: RequestedPromotion[] = []
  for (const policy of firstRings(solution).filter(({ deployOn }) => deployOn === 'push')) {
    const key: RingKey = { tenant, repository, solution: solution.name, ring: policy.name }
    const ring = await tx.rings.lock(key, policy.environment)
    const source = { kind: 'automatic', after: 'build' } as const
    const promotion = await unlessActive(() =>
      requestPromotion(tx, { id: newId(), ring, policy, artifact, by, source, pullRequest: undefined }),
    )
    if (promotion !== undefined) promotions.push({ ring: policy.name, promotion: promotion.id })
  }
  return promotions
}

async function unlessActive<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request()
  } catch (error) {
    if (error instanceof RingwayError && (error.code === 'already_active' || error.code === 'ring_archived'))
      return undefined
    throw error
  }
}
