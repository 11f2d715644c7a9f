import {
  allowSecretMarker,
  type SecretFinding,
  secretBeginnings,
  secretHint,
  secretIn,
} from '../../domain/secret-pattern.ts'
import { createLiteralSearch } from './literal-search.ts'

/** Looks for secrets in one file as it is read. */
export interface SecretSearch {
  /**
   * Takes the next bytes, in their order. The bytes may be overwritten afterwards.
   *
   * @param isLast - whether the file ends with them
   */
  take(bytes: Buffer, isLast: boolean): void
  /** What was found, each line once. */
  found(): readonly SecretFinding[]
}

/** Bytes. What is looked at around a beginning: a minified file is one line of a megabyte. */
const before = 400
const after = 800
/** Bytes that are looked at again with the next ones, so that nothing is missed where two reads meet. */
const overlap = 4_096
const findBeginning = createLiteralSearch(secretBeginnings)

/** @param path - as it stands in the findings */
export function createSecretSearch(path: string): SecretSearch {
  const found = new Map<number, SecretFinding>()
  let isText: boolean | undefined
  let rest = Buffer.alloc(0)
  let firstLine = 1
  let searched = 0

  const search = (bytes: Buffer, to: number): void => {
    let [line, counted] = [firstLine, 0]
    for (let at = findBeginning(bytes, searched); at !== -1 && at < to; at = findBeginning(bytes, at + 1)) {
      const kind = secretAround(bytes, at)
      if (kind === undefined) continue
      line += newlines(bytes, counted, at)
      counted = at
      if (!found.has(line)) found.set(line, { path, line, kind })
    }
    searched = to
  }

  return {
    take(bytes, isLast) {
      isText ??= !bytes.subarray(0, 8_192).includes(0)
      if (!isText) return
      const all = rest.byteLength === 0 ? bytes : Buffer.concat([rest, bytes])
      // Most files come at once, and then no lines need to be counted.
      if (isLast) return search(all, all.byteLength)
      search(all, Math.max(searched, all.byteLength - overlap / 2))
      const dropped = Math.max(0, all.byteLength - overlap)
      firstLine += newlines(all, 0, dropped)
      searched -= dropped
      rest = Buffer.from(all.subarray(dropped))
    },
    found: () => [...found.values()],
  }
}

function secretAround(bytes: Buffer, at: number): string | undefined {
  // One character per byte: every pattern is ASCII, and nothing has to be decoded.
  const tail = bytes.toString('latin1', at, at + after)
  secretHint.lastIndex = 0
  if (!secretHint.test(tail)) return undefined
  const head = bytes.toString('latin1', Math.max(0, at - before), at)
  const lineStart = head.lastIndexOf('\n') + 1
  const lineEnd = tail.indexOf('\n')
  const line = head.slice(lineStart) + (lineEnd === -1 ? tail : tail.slice(0, lineEnd))
  const lineBefore = lineStart === 0 ? '' : head.slice(head.lastIndexOf('\n', lineStart - 2) + 1, lineStart)
  if (line.includes(allowSecretMarker) || lineBefore.includes(allowSecretMarker)) return undefined
  return secretIn(line)
}

function newlines(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = bytes.indexOf(0x0a, from); at !== -1 && at < to; at = bytes.indexOf(0x0a, at + 1)) count += 1
  return count
}
