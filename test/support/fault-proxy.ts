import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from './listening.ts'

/** What happens to the bytes of one direction. */
type Fault =
  | { readonly kind: 'pass' }
  /** Each piece comes so many milliseconds later. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** Nothing comes, and nobody says so: a half-open connection. */
  | { readonly kind: 'blackhole'; readonly afterBytes: number }
  /** Both sides get a reset. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Both sides see an orderly end. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** One bit is turned in this byte, or in this one and every multiple of it. */
  | { readonly kind: 'corrupt'; readonly atByte: number; readonly again?: boolean }

/** What happens to a connection. */
export interface ConnectionFaults {
  /** From the client to the server. */
  readonly up?: Fault
  /** From the server to the client. */
  readonly down?: Fault
  /** The connection is reset as soon as it is made. */
  readonly refuse?: boolean
}

/** A TCP proxy that runs until it is closed. */
export interface RunningFaultProxy extends AsyncDisposable {
  readonly port: number
  /** `127.0.0.1:port` */
  readonly host: string
  /** How many connections were made. */
  connections(): number
  /**
   * What happens to connections that are made from now on, and to the next `times` of them only if that is given. Connections that
   * exist already are ended, so that a client with open ones meets the fault.
   */
  inject(faults: ConnectionFaults, times?: number): void
}

/** Stands between a client and a server of this machine and does to the bytes what networks do. */
export async function startFaultProxy(serverPort: number): Promise<RunningFaultProxy> {
  let injected: { readonly faults: ConnectionFaults; left: number } = { faults: {}, left: 0 }
  let connections = 0
  const open = new Set<Socket>()
  const endAll = (): void => {
    for (const socket of open) socket.destroy()
  }
  const keep = (socket: Socket): void => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // What a fault does to a socket is seen by the client; the proxy itself goes on.
    socket.on('error', () => socket.destroy())
  }

  const server = createServer(client => {
    connections += 1
    keep(client)
    const faults = injected.left > 0 ? injected.faults : {}
    injected.left -= 1
    if (faults.refuse === true) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(serverPort, '127.0.0.1')
    keep(upstream)
    void relay({ from: client, to: upstream, fault: faults.up ?? pass })
    void relay({ from: upstream, to: client, fault: faults.down ?? pass })
  })
  const port = await listen(server)

  return {
    port,
    host: `127.0.0.1:${port}`,
    connections: () => connections,
    inject(faults, times = Number.POSITIVE_INFINITY) {
      injected = { faults, left: times }
      endAll()
    },
    async [Symbol.asyncDispose]() {
      endAll()
      await new Promise<void>(resolve => {
        server.close(() => resolve())
      })
    },
  }
}

const pass: Fault = { kind: 'pass' }

interface Direction {
  readonly from: Socket
  readonly to: Socket
  readonly fault: Fault
}

async function relay({ from, to, fault }: Direction): Promise<void> {
  let passed = 0
  try {
    for await (const chunk of from) {
      const piece: Buffer = chunk
      for (const bytes of await suffer({ piece, passed, fault, from, to })) {
        if (!to.write(bytes)) await Promise.race([drained(to), closed(to)])
      }
      passed += piece.length
    }
    to.end()
  } catch {
    to.destroy()
  }
}

/** What is left of a piece, after what happens to it. */
async function suffer(
  piece: Direction & { readonly piece: Buffer; readonly passed: number },
): Promise<readonly Buffer[]> {
  const { fault, passed, from, to, piece: bytes } = piece
  const left = 'afterBytes' in fault ? Math.max(0, fault.afterBytes - passed) : 0
  switch (fault.kind) {
    case 'pass':
      return [bytes]
    case 'latency':
      await sleep(fault.ms)
      return [bytes]
    case 'slow':
      await sleep((bytes.length / fault.bytesPerSecond) * 1000)
      return [bytes]
    case 'blackhole':
      return [bytes.subarray(0, left)]
    case 'corrupt':
      return [corrupted(bytes, nextCorrupt(fault, passed) - passed)]
    case 'reset':
    case 'cut':
      if (bytes.length < left) return [bytes]
      await written(to, bytes.subarray(0, left))
      for (const side of [from, to]) {
        if (fault.kind === 'reset') side.resetAndDestroy()
        else side.destroySoon()
      }
      return []
    default:
      return fault satisfies never
  }
}

function nextCorrupt(fault: Fault & { readonly kind: 'corrupt' }, passed: number): number {
  return fault.again === true ? Math.max(Math.ceil(passed / fault.atByte), 1) * fault.atByte : fault.atByte
}

function corrupted(bytes: Buffer, at: number): Buffer {
  if (at < 0 || at >= bytes.length) return bytes
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
  return changed
}

function written(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise(resolve => {
    to.write(bytes, () => resolve())
  })
}

function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.once('drain', () => resolve())
  })
}

function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.once('close', () => resolve())
  })
}
