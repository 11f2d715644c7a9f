/** The bytes after the first `count`. */
export async function* skipBytes(
  bytes: AsyncIterable<Uint8Array>,
  count: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = count
  for await (const chunk of bytes) {
    const skipped = Math.min(left, chunk.byteLength)
    left -= skipped
    if (skipped < chunk.byteLength) yield chunk.subarray(skipped)
  }
}
