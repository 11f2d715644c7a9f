/** A regular file as tar knows it. */
export interface TarFile {
  /** Relative, with `/`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly executable: boolean
}

/** Bytes. Headers and contents fill whole blocks. */
export const tarBlock = 512

/** Bytes. A longer name stands in an extended header before the entry. */
const longestName = 100
const encoder = new TextEncoder()

/**
 * What stands before a file's content: one block, or with a name that is long or not ASCII the blocks of an extended header before it.
 * Times and owners are zero and modes are 0644 or 0755, so that equal files have equal headers.
 *
 * Source: POSIX.1-2017, "pax Interchange Format".
 */
export function tarHeader(file: TarFile): Uint8Array {
  const mode = file.executable ? '0000755' : '0000644'
  const name = encoder.encode(file.path)
  if (name.byteLength <= longestName && name.byteLength === file.path.length) {
    return headerBlock({ name, mode, size: file.size, type: '0' })
  }
  const record = paxRecord('path', file.path)
  const placeholder = encoder.encode('PaxHeader')
  const blocks = new Uint8Array(2 * tarBlock + paddedSize(record.byteLength))
  blocks.set(headerBlock({ name: placeholder, mode, size: record.byteLength, type: 'x' }))
  blocks.set(record, tarBlock)
  blocks.set(headerBlock({ name: placeholder, mode, size: file.size, type: '0' }), blocks.byteLength - tarBlock)
  return blocks
}

/** Bytes that a content of `size` bytes takes. */
export function paddedSize(size: number): number {
  return Math.ceil(size / tarBlock) * tarBlock
}

function headerBlock(entry: {
  readonly name: Uint8Array
  readonly mode: string
  readonly size: number
  readonly type: '0' | 'x'
}): Uint8Array {
  const block = Buffer.alloc(tarBlock)
  block.set(entry.name)
  block.write(entry.mode, 100, 'latin1')
  block.write('0000000', 108, 'latin1')
  block.write('0000000', 116, 'latin1')
  block.write(octal(entry.size, 11), 124, 'latin1')
  block.write('00000000000', 136, 'latin1')
  // The sum is made with spaces in its own place.
  block.write('        ', 148, 'latin1')
  block.write(entry.type, 156, 'latin1')
  block.write('ustar\u000000', 257, 'latin1')
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${octal(sum, 6)}\u0000`, 148, 'latin1')
  return block
}

/** @throws {RangeError} when the number needs more digits: 11 digits hold 8 GiB, twice what an artifact may hold */
function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0')
  if (text.length > digits) throw new RangeError(`Tar has ${digits} octal digits for ${value}.`)
  return text
}

/** `length key=value\n`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`)
  let length = rest.byteLength
  while (length !== rest.byteLength + String(length).length) length = rest.byteLength + String(length).length
  const record = new Uint8Array(length)
  encoder.encodeInto(String(length), record)
  record.set(rest, length - rest.byteLength)
  return record
}
