/** Bytes. Each block is one trip to the compressor's thread. */
const blockSize = 1024 * 1024

/**
 * Fills large blocks and hands out each as it is full. Only two are ever made: one may still be in use elsewhere while the other is
 * filled, and is overwritten after that. So memory stays flat however much passes through.
 */
export interface ByteBlocks {
  /** Copies bytes in. */
  put(bytes: Uint8Array): Generator<Uint8Array, void, undefined>
  /** Where the next bytes may be written, never empty. */
  room(): Generator<Uint8Array, Uint8Array, undefined>
  /** Says how many bytes were written into the room. */
  filled(bytes: number): void
  /** Hands out what is left. */
  end(): Generator<Uint8Array, void, undefined>
}

export function createByteBlocks(): ByteBlocks {
  let [block, other] = [new Uint8Array(blockSize), new Uint8Array(blockSize)]
  let used = 0
  function* room(): Generator<Uint8Array, Uint8Array, undefined> {
    if (used === blockSize) {
      yield block
      ;[block, other] = [other, block]
      used = 0
    }
    return block.subarray(used)
  }
  return {
    room,
    *put(bytes) {
      for (let taken = 0; taken < bytes.byteLength; ) {
        const space = yield* room()
        const part = bytes.subarray(taken, taken + space.byteLength)
        space.set(part)
        used += part.byteLength
        taken += part.byteLength
      }
    },
    filled(bytes) {
      used += bytes
    },
    *end() {
      if (used > 0) yield block.subarray(0, used)
      used = 0
    },
  }
}
