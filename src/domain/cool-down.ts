import { isAutomatic, type Promotion } from './promotion.ts'
import { type DurationMs, type EpochMs, epochMs } from './units.ts'

/** What is known of a ring that should be rolled back by itself. */
export interface CoolDownFacts {
  /** Our id of the deployment that should go. */
  readonly deployment: number
  /** What happened in the ring; `ends`: what a rollback ended. */
  readonly history: readonly { readonly promotion: string; readonly ends?: number | undefined }[]
  readonly promotions: readonly Pick<Promotion, 'id' | 'task' | 'source' | 'requestedAt'>[]
  readonly coolDown: DurationMs
}

/**
 * Until when an earlier automatic rollback keeps the ring from the next one; undefined when there was none. Two in a row say more of the
 * target, or of the checks, than of two versions. A further attempt for the same deployment is no further rollback.
 */
export function coolDownEnd({ deployment, history, promotions, coolDown }: CoolDownFacts): EpochMs | undefined {
  const starts = promotions
    .filter(promotion => promotion.task === 'rollback' && isAutomatic(promotion))
    .filter(({ id }) => history.some(record => record.promotion === id && record.ends !== deployment))
    .map(({ requestedAt }) => requestedAt)
  return starts.length === 0 ? undefined : epochMs(Math.max(...starts) + coolDown)
}
