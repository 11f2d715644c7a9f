import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { createMemoryInbox } from '../../support/memory-inbox.ts'
import { type Intake, type IntakeOptions, openIntake, signedRequest } from './intake.ts'

const megabyte = 1024 * 1024

async function withIntake(options: IntakeOptions, use: (intake: Intake) => Promise<void>): Promise<void> {
  const intake = await openIntake(options)
  try {
    await use(intake)
  } finally {
    await intake.server.close()
  }
}

/** A delivery that is sent by hand. */
interface RawRequest {
  readonly socket: Socket
  /** What came back so far. */
  readonly answer: () => string
  /** Resolves with the status, or 0 when the connection ended without one. */
  readonly status: () => Promise<number>
}

async function begin(intake: Intake, head: Readonly<Record<string, string>> = {}): Promise<RawRequest> {
  const socket = connect(intake.server.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  let text = ''
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
  })
  const ended = closed(socket)
  const lines = Object.entries({ host: 'localhost', ...signedRequest().headers, ...head })
  socket.write(`POST /webhooks HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
  const read = (): number => Number(/^HTTP\/1.1 (\d{3})/.exec(text)?.[1] ?? 0)
  return {
    socket,
    answer: () => text,
    async status() {
      while (read() === 0 && !socket.closed) await Promise.race([ended, sleep(5)])
      return read()
    },
  }
}

/** Unlike `once`, it does not mind that a connection broke. */
function closed(socket: Socket): Promise<void> {
  return socket.closed ? Promise.resolve() : new Promise(resolve => void socket.once('close', () => resolve()))
}

function roomIn(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      socket.off('drain', end).off('close', end)
      resolve()
    }
    socket.on('drain', end).on('close', end)
  })
}

/** Writes until the other side has enough. */
async function pour(socket: Socket, bytes: number, chunked: boolean): Promise<void> {
  const block = Buffer.alloc(64 * 1024, 0x20)
  for (let sent = 0; sent < bytes && socket.writable; sent += block.length) {
    const isRoomLeft = socket.write(
      chunked ? Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]) : block,
    )
    if (!isRoomLeft) await roomIn(socket)
  }
}

/** Megabytes that something still refers to. What the process took from the system says less: that is given back when it likes. */
function held(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / megabyte
}

describe('A8: a body of 26 MB', () => {
  it('is a 413 as soon as its length is announced', () =>
    withIntake({}, async intake => {
      const request = await begin(intake, { 'content-length': String(26 * megabyte) })
      expect(await request.status()).toBe(413)
      await closed(request.socket)
    }))

  it('is a 413 when its length is found out, and leaves no memory taken', () =>
    withIntake({}, async intake => {
      const send = async (): Promise<number> => {
        const request = await begin(intake, { 'transfer-encoding': 'chunked' })
        await pour(request.socket, 26 * megabyte, true)
        return request.status()
      }
      expect(await send()).toBe(413)
      const before = held()
      for (let round = 0; round < 6; round += 1) expect(await send()).toBe(413)
      await expect.poll(() => held() - before, { timeout: 10_000 }).toBeLessThan(25)
      expect((await intake.deliver()).status).toBe(202)
    }))

  it('but one of 25 MB is taken', () =>
    withIntake({}, async intake => {
      const body = `{"a":"${'x'.repeat(25 * megabyte - 8)}"}`
      expect(Buffer.byteLength(body)).toBe(25 * megabyte)
      expect((await intake.deliver({ body })).status).toBe(202)
    }))
})

describe('A9: whoever sends slowly', () => {
  it('is closed at the deadline, head or body, while others are served', () =>
    withIntake({ serverLimits: { arrival: 400 } }, async intake => {
      const slowBody = await begin(intake, { 'content-length': '1000' })
      const slowHead = connect(intake.server.port, '127.0.0.1')
      slowHead.on('error', () => {}).write('POST /webhooks HTTP/1.1\r\nhost: ')
      const drip = setInterval(() => {
        for (const socket of [slowBody.socket, slowHead]) if (socket.writable) socket.write('x')
      }, 20)
      const began = performance.now()
      try {
        const bothClosed = Promise.all([closed(slowBody.socket), closed(slowHead)])
        while (performance.now() - began < 300) {
          expect((await intake.deliver()).status).toBe(202)
          await sleep(20)
        }
        expect([slowBody.socket.closed, slowHead.closed]).toEqual([false, false])
        await bothClosed
      } finally {
        clearInterval(drip)
      }
      expect(performance.now() - began).toBeLessThan(2_000)
      expect(slowBody.answer()).toMatch(/^HTTP\/1.1 408/)
    }))
})

describe('bodies that arrive at once', () => {
  it('are 64 at most: the next is a 503 with Retry-After, and taken when one has ended', () =>
    withIntake({}, async intake => {
      const waiting = await Promise.all(Array.from({ length: 64 }, () => begin(intake, { 'content-length': '1000' })))
      // Each head has been read when the server answers what came after it.
      await expect.poll(async () => (await intake.deliver()).status).toBe(503)
      const late = await intake.deliver()
      expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1'])
      expect(intake.inbox.deliveries).toHaveLength(0)
      waiting[0]?.socket.destroy()
      await expect.poll(async () => (await intake.deliver()).status).toBe(202)
      for (const { socket } of waiting) socket.destroy()
    }))

  it('take no more memory than is allowed for all of them, whatever the number', () =>
    withIntake({ limits: { bodies: 64, bytes: 2 * megabyte } }, async intake => {
      const one = await begin(intake, { 'content-length': String(1.5 * megabyte) })
      await expect.poll(async () => (await intake.deliver({ body: ' '.repeat(megabyte) })).status).toBe(503)
      expect((await intake.deliver()).status).toBe(202)
      // Without a length it may become the largest that there is.
      const unknown = await begin(intake, { 'transfer-encoding': 'chunked' })
      expect(await unknown.status()).toBe(503)
      for (const { socket } of [one, unknown]) socket.destroy()
    }))

  it('are no longer counted once they have been read, however long the store takes', async () => {
    const gate = Promise.withResolvers<void>()
    const memory = createMemoryInbox()
    const inbox = {
      accept: (delivery: Parameters<typeof memory.accept>[0]) => gate.promise.then(() => memory.accept(delivery)),
    }
    await withIntake({ inbox }, async intake => {
      const answers = Array.from({ length: 200 }, () => intake.deliver())
      await sleep(50)
      gate.resolve()
      const statuses = new Set((await Promise.all(answers)).map(answer => answer.status))
      expect([...statuses]).toEqual([202])
      expect(memory.deliveries).toHaveLength(200)
    })
  })
})
