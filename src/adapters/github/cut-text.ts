/**
 * Text that fits: what is longer is cut before a whole character, and `ending` says so.
 *
 * @param most - UTF-8 bytes, which are never fewer than GitHub's characters, however it counts them
 */
export function cutText(text: string, most: number, ending = '…'): string {
  if (Buffer.byteLength(text) <= most) return text
  const bytes = Buffer.from(text).subarray(0, most - Buffer.byteLength(ending))
  // A character that was cut in two decodes to U+FFFD.
  return bytes.toString('utf8').replace(/\uFFFD$/, '') + ending
}
