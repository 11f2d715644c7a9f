import type { Progress } from '../../ports/artifacts.ts'
import type { LayerPlan } from './layer-plan.ts'

/** Adds up how far packing and uploading have come. */
export interface PublishProgress {
  /** @param bytes - uncompressed, since it was told last */
  readonly packed: (bytes: number) => void
  /** @param bytes - compressed, of a layer that is to be uploaded */
  readonly queued: (bytes: number) => void
  /** @param bytes - compressed, of a layer that is in the store now */
  readonly uploaded: (bytes: number) => void
}

export function createPublishProgress(
  plans: readonly LayerPlan[],
  onProgress: (progress: Progress) => void,
): PublishProgress {
  const total = plans.reduce((sum, plan) => sum + plan.bytes, 0)
  let [packed, queued, uploaded] = [0, 0, 0]
  return {
    packed(bytes) {
      // What tar adds between files is no progress that anybody sees.
      packed = Math.min(packed + bytes, total)
      onProgress({ doing: 'packing', done: packed, total })
    },
    queued(bytes) {
      queued += bytes
    },
    uploaded(bytes) {
      uploaded += bytes
      onProgress({ doing: 'uploading', done: uploaded, total: queued })
    },
  }
}
