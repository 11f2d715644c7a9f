import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The last lines of a file, at most 4,000 bytes of them; nothing where there is no such file. */
export function readTail(path, bytes = 4_000) {
  let file
  try {
    file = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, bytes))
    readSync(file, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8').trimEnd()
  } finally {
    closeSync(file)
  }
}
