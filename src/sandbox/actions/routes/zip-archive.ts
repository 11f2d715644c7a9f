import { crc32 } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly content: string
}

/** A zip archive whose entries are stored and not compressed: logs of a rehearsal are small. */
export function zipArchive(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const file = { name: Buffer.from(name), data: Buffer.from(content) }
    const local = Buffer.concat([localHeader(file), file.name, file.data])
    directory.push(Buffer.concat([directoryHeader(file, offset), file.name]))
    bodies.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...bodies, central, endRecord({ count: entries.length, size: central.length, offset })])
}

interface ZipFile {
  readonly name: Buffer
  readonly data: Buffer
}

// The fields that both headers share: version 2.0, names in UTF-8, stored, 1 January 1980, sums and sizes.
function commonFields({ name, data }: ZipFile): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(0x0800, 2)
  fields.writeUInt16LE(0x0021, 8)
  fields.writeUInt32LE(crc32(data), 10)
  fields.writeUInt32LE(data.length, 14)
  fields.writeUInt32LE(data.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

function localHeader(file: ZipFile): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), commonFields(file)])
}

function directoryHeader(file: ZipFile, offset: number): Buffer {
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(offset, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), commonFields(file), rest])
}

function endRecord(of: { readonly count: number; readonly size: number; readonly offset: number }): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(of.count, 8)
  end.writeUInt16LE(of.count, 10)
  end.writeUInt32LE(of.size, 12)
  end.writeUInt32LE(of.offset, 16)
  return end
}
