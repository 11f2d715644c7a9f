import { allowSecretMarker, type SecretFinding, secretHint, secretIn } from '../../domain/secret-pattern.ts'

/** Looks for secrets in one file as it is read. */
export interface SecretSearch {
  /** Takes the next bytes, in their order. The bytes may be overwritten afterwards. */
  take(bytes: Buffer): void
  /** Everything that was found, each line once. */
  end(): readonly SecretFinding[]
}

/** Characters. What is looked at around a match of the hint: a minified file is one line of a megabyte. */
const before = 400
const after = 800
/** Characters that are looked at again with the next bytes, so that nothing is missed where two reads meet. */
const overlap = 4_096
const held = overlap / 2

/** @param path - as it stands in the findings */
export function createSecretSearch(path: string): SecretSearch {
  const found = new Map<number, SecretFinding>()
  let isText: boolean | undefined
  let text = ''
  let firstLine = 1
  let searched = 0

  const search = (to: number): void => {
    let [line, counted] = [firstLine, 0]
    secretHint.lastIndex = searched
    for (let hit = secretHint.exec(text); hit !== null && hit.index < to; hit = secretHint.exec(text)) {
      const kind = secretAround(text, hit.index)
      if (kind === undefined) continue
      line += newlines(text, counted, hit.index)
      counted = hit.index
      if (!found.has(line)) found.set(line, { path, line, kind })
    }
    searched = Math.max(searched, to)
  }

  /** Most files come at once: only when more follows is anything dropped and its lines counted. */
  const makeRoom = (): void => {
    if (text.length <= overlap) return
    search(text.length - held)
    const dropped = text.length - overlap
    firstLine += newlines(text, 0, dropped)
    text = text.slice(dropped)
    searched -= dropped
  }

  return {
    take(bytes) {
      isText ??= !bytes.subarray(0, 8_192).includes(0)
      if (!isText) return
      makeRoom()
      // One character per byte: every pattern is ASCII, and nothing has to be decoded.
      text += bytes.toString('latin1')
    },
    end() {
      if (isText === true) search(text.length)
      return [...found.values()]
    },
  }
}

function secretAround(text: string, at: number): string | undefined {
  const head = text.slice(Math.max(0, at - before), at)
  const tail = text.slice(at, at + after)
  const lineStart = head.lastIndexOf('\n') + 1
  const lineEnd = tail.indexOf('\n')
  const rest = lineEnd === -1 ? tail : tail.slice(0, lineEnd)
  const lineBefore = lineStart === 0 ? '' : head.slice(head.lastIndexOf('\n', lineStart - 2) + 1, lineStart)
  const line = head.slice(lineStart) + rest
  if (line.includes(allowSecretMarker) || lineBefore.includes(allowSecretMarker)) return undefined
  return secretIn(line)
}

function newlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
