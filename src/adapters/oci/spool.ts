import { type FileHandle, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Room for what is compressed and not uploaded yet: in memory as far as it goes, else in files of this process. */
export interface Spool extends AsyncDisposable {
  /** Bytes that do not exist yet. */
  next(): SpooledBytes
}

/** The bytes of one layer, written once and then read as often as it takes to upload them. */
export interface SpooledBytes {
  /** Keeps a chunk, which belongs to the spool from now on. */
  write(chunk: Uint8Array): Promise<void>
  /** After the last chunk. */
  end(): Promise<void>
  /** A chunk may be overwritten when the one after the next is asked for. */
  read(): AsyncIterable<Uint8Array>
  remove(): Promise<void>
}

/** Where a spool is, and how much of it may be in memory. */
export interface SpoolOptions {
  /** @default the system's directory for temporary files */
  readonly parent?: string
  /**
   * Bytes of all layers together that are not put on disk.
   * @default 8 MiB: the layers of most pushes are smaller, and memory stays flat for the others
   */
  readonly memory?: number
}

/** Bytes. More than a connection takes at once, so that an upload waits until the one before has left. */
const partSize = 512 * 1024

/** The process id is known on this host only: a temporary directory may be shared by several. */
const prefix = `ringway-pack-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`

/** Opens a spool, and takes away those of processes that were killed. */
export async function openSpool({ parent = tmpdir(), memory = 16 * 1024 * 1024 }: SpoolOptions = {}): Promise<Spool> {
  await mkdir(parent, { recursive: true })
  await sweep(parent)
  const directory = await mkdtemp(join(parent, `${prefix}${process.pid}-`))
  const budget = { left: memory }
  let used = 0
  return {
    next() {
      used += 1
      return spoolBytes(join(directory, `${used}.tar.zst`), budget)
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

function spoolBytes(path: string, budget: { left: number }): SpooledBytes {
  let chunks: Uint8Array[] = []
  let kept = 0
  let file: FileHandle | undefined
  let isOnDisk = false

  const forget = (): void => {
    budget.left += kept
    kept = 0
    chunks = []
  }
  return {
    async write(chunk) {
      if (!isOnDisk && chunk.byteLength <= budget.left) {
        budget.left -= chunk.byteLength
        kept += chunk.byteLength
        chunks.push(chunk)
        return
      }
      if (file === undefined) {
        isOnDisk = true
        file = await open(path, 'wx', 0o600)
        for (const earlier of chunks) await writeAndFree(file, earlier)
        forget()
      }
      await writeAndFree(file, chunk)
    },
    async end() {
      await file?.close()
      file = undefined
    },
    async *read() {
      if (isOnDisk) yield* readParts(path)
      else yield* chunks
    },
    async remove() {
      await file?.close()
      forget()
      if (isOnDisk) await rm(path, { force: true })
    },
  }
}

/**
 * The compressor makes a buffer for every quarter of a megabyte that comes out of it. The collector would wait for sixty of them, and they
 * would be a third of the memory of a build; a buffer that was written to its end is given back at once.
 */
async function writeAndFree(file: FileHandle, chunk: Uint8Array): Promise<void> {
  await file.writeFile(chunk)
  const { buffer } = chunk
  const isLastOfBuffer = chunk.byteOffset + chunk.byteLength === buffer.byteLength
  if (isLastOfBuffer && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

/** Two buffers for the whole file: new ones for each part would be garbage faster than it is collected. */
async function* readParts(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  let [buffer, other] = [Buffer.allocUnsafeSlow(partSize), Buffer.allocUnsafeSlow(partSize)]
  const file = await open(path)
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      ;[buffer, other] = [other, buffer]
    }
  } finally {
    await file.close()
  }
}

async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter(name => name.startsWith(prefix))
  for (const name of names) {
    const pid = Number(/^\d+/.exec(name.slice(prefix.length))?.[0])
    if (!Number.isInteger(pid) || isRunning(pid)) continue
    // Another user's is not ours to remove.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
