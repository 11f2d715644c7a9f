/** Bytes. Tar writes half a kilobyte at a time, and each piece would be a trip to the compressor's thread. */
const blockSize = 1024 * 1024

/**
 * Joins pieces into large blocks. Only two blocks are ever made: one may still be in use elsewhere while the next is filled, and is
 * overwritten when the one after that is asked for. So memory stays flat however much passes through.
 */
export async function* inBlocks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let [block, other] = [new Uint8Array(blockSize), new Uint8Array(blockSize)]
  let filled = 0
  for await (const piece of pieces) {
    for (let taken = 0; taken < piece.byteLength; ) {
      const part = piece.subarray(taken, taken + blockSize - filled)
      block.set(part, filled)
      filled += part.byteLength
      taken += part.byteLength
      if (filled < blockSize) continue
      yield block
      ;[block, other] = [other, block]
      filled = 0
    }
  }
  if (filled > 0) yield block.subarray(0, filled)
}
