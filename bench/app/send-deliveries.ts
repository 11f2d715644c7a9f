import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Payload } from './payloads.ts'
import { recipient } from './recipient.ts'

/** What became of deliveries that were sent. */
export interface Sent {
  /** GUIDs of those that were answered with a 2xx, in order. */
  readonly accepted: readonly string[]
  /** Milliseconds that each of them took, from when it was due. */
  readonly latenciesMs: readonly number[]
  /** Of those that were answered otherwise, or not at all. */
  readonly failures: number
  readonly elapsedMs: number
}

/** Where deliveries go, and for how long. */
export interface Sending {
  readonly url: string
  readonly payloads: readonly Payload[]
  readonly ms: number
  readonly connections: number
  /** A second, each sent when it is due; absent: each connection sends the next one when it has an answer. */
  readonly rate?: number
}

/**
 * Sends deliveries over connections that are kept. Written on sockets, because a client that costs as much as the server would be measured
 * with it on the same machine.
 */
export async function sendDeliveries(sending: Sending): Promise<Sent> {
  const accepted: string[] = []
  const latenciesMs: number[] = []
  let [failures, next] = [0, 0]
  const start = performance.now()
  const end = start + sending.ms
  const dueAt = (number: number): number =>
    sending.rate === undefined ? performance.now() : start + (number * 1_000) / sending.rate
  const sendMany = async (connection: Connection): Promise<void> => {
    for (;;) {
      const number = next++
      const due = dueAt(number)
      if (due >= end) return
      const early = due - performance.now()
      if (early > 0) await new Promise(resolve => setTimeout(resolve, early))
      const guid = randomUUID()
      const payload = sending.payloads[number % sending.payloads.length]
      if (payload === undefined) throw new RangeError('There is nothing to send.')
      // A timer may be early by a part of a millisecond.
      const begun = Math.min(due, performance.now())
      const status = await connection.send(guid, payload)
      if (status >= 200 && status < 300) {
        accepted.push(guid)
        latenciesMs.push(performance.now() - begun)
      } else {
        failures += 1
        if (status === 0) return
      }
    }
  }
  const connections = Array.from({ length: sending.connections }, () => openConnection(new URL(sending.url)))
  await Promise.all(connections.map(sendMany))
  for (const connection of connections) connection.close()
  return { accepted, latenciesMs, failures, elapsedMs: performance.now() - start }
}

interface Connection {
  /** @returns the status; 0 when the connection broke */
  send(guid: string, payload: Payload): Promise<number>
  close(): void
}

function openConnection({ hostname, port, pathname, host }: URL): Connection {
  const socket = connect(Number(port), hostname).setNoDelay(true)
  let answered: ((status: number) => void) | undefined
  let text = ''
  const settle = (status: number): void => {
    text = ''
    answered?.(status)
    answered = undefined
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
    const status = statusOf(text)
    if (status !== undefined) settle(status)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => settle(0))
  return {
    send: (guid, payload) =>
      new Promise(resolve => {
        if (socket.closed) return resolve(0)
        answered = resolve
        write(socket, `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${headOf(guid, payload)}`, payload.body)
      }),
    close: () => socket.destroy(),
  }
}

function write(socket: Socket, head: string, body: Buffer): void {
  socket.cork()
  socket.write(head)
  socket.write(body)
  socket.uncork()
}

function headOf(guid: string, { event, signature, body }: Payload): string {
  const headers = {
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': body.byteLength,
    'user-agent': 'GitHub-Hookshot/5a1d0bb',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': '99',
    'x-github-hook-installation-target-id': recipient.appId,
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature-256': signature,
  }
  return `${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

/** @returns undefined as long as the answer has not come to its end */
function statusOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return undefined
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1]
  const isWhole = length === undefined ? text.endsWith('0\r\n\r\n') : text.length >= head + 4 + Number(length)
  return isWhole ? Number(text.slice(9, 12)) : undefined
}
