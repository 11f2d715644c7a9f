import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'

/** A tree to be packed: the same bytes for the same shape. */
export interface TreeShape {
  readonly components: number
  /** How many small files each component has. */
  readonly files: number
  /** Bytes of a small file. */
  readonly fileSize: number
  /** One large file in each of so many components. */
  readonly largeFiles?: number
  /** Bytes of a large file. */
  readonly largeSize?: number
}

/** Of so many files one is data that no compressor makes smaller; the others read like source code. */
const incompressibleEvery = 4
const filesPerDirectory = 50

/** Writes the tree below `directory`; gives back how many bytes it has. */
export async function writeTree(directory: string, shape: TreeShape): Promise<number> {
  const { components, files, fileSize, largeFiles = 0, largeSize = 0 } = shape
  const code = sourceText(4 * 1024 * 1024)
  for (let component = 0; component < components; component += 1) {
    for (let file = 0; file < files; file += 1) {
      const number = component * files + file
      const path = join(directory, smallFile(component, file))
      if (file % filesPerDirectory === 0) await mkdir(dirname(path), { recursive: true })
      await writeFile(
        path,
        number % incompressibleEvery === 0 ? noise(fileSize, path) : excerpt(code, fileSize, number),
      )
    }
    if (component < largeFiles) await writeLarge(join(directory, `component-${component}`, 'model.bin'), largeSize)
  }
  return components * files * fileSize + largeFiles * largeSize
}

/** The path of a small file. */
export function smallFile(component: number, file: number): string {
  return `component-${component}/part-${Math.floor(file / filesPerDirectory)}/file-${file}.js`
}

function noise(size: number, seed: string): Buffer {
  return createHash('shake256', { outputLength: size })
    .update(seed.slice(seed.indexOf('component-')))
    .digest()
}

/** Begins somewhere else in the text for each file, with a line of its own. */
function excerpt(code: Buffer, size: number, number: number): Buffer {
  const start = Math.floor(random(number + 1)() * (code.length - size))
  const bytes = Buffer.from(code.subarray(start, start + size))
  bytes.write(`// file ${number}\n`)
  return bytes
}

async function writeLarge(path: string, size: number): Promise<void> {
  const stream = createWriteStream(path)
  const block = 4 * 1024 * 1024
  for (let at = 0; at < size; at += block) {
    if (!stream.write(noise(Math.min(block, size - at), `${path} ${at}`))) {
      await new Promise<void>(resolve => stream.once('drain', () => resolve()))
    }
  }
  stream.end()
  await finished(stream)
}

/** Words by Zipf's law with the punctuation of code: it compresses about as well as code does. */
function sourceText(size: number): Buffer {
  const draw = random(1)
  const words = Array.from({ length: 5_000 }, () => {
    const letters = Array.from({ length: 3 + Math.floor(draw() * 8) }, () => 97 + Math.floor(draw() * 26))
    return String.fromCharCode(...letters)
  })
  const endings = [' ', ' ', ' ', '.', '(', ') ', ', ', ' = ', ';\n  ', ' {\n    ', '\n}\n\n']
  let text = ''
  while (text.length < size) {
    text += words[Math.floor(words.length ** draw()) - 1] ?? ''
    text += endings[Math.floor(draw() * endings.length)] ?? ' '
  }
  return Buffer.from(text.slice(0, size))
}

/** Numbers from 0 to 1, the same for the same seed. Source: D. E. Knuth, The Art of Computer Programming 2, 3.3.4, line 26 of table 1. */
function random(seed: number): () => number {
  let state = BigInt(seed)
  return () => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1n)
    return Number(state >> 11n) / 2 ** 53
  }
}
