// The least that verifies deliveries and keeps them: `node:http`, and one statement for all that came while the last one was under way.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { env } from 'node:process'
import { Pool } from 'pg'
import { recipient } from '../recipient.ts'

interface Arrived {
  readonly guid: string
  readonly event: string
  readonly body: Buffer
  readonly answer: (status: number) => void
}

const pool = new Pool({ connectionString: env['DATABASE_URL'] ?? '', max: 1 })
await pool.query('create table if not exists plain_delivery (guid text primary key, event text, body bytea)')
const waiting: Arrived[] = []
let isWriting = false

async function writeAll(): Promise<void> {
  isWriting = true
  while (waiting.length > 0) {
    const group = waiting.splice(0)
    const status = await store(group).then(
      () => 202,
      () => 503,
    )
    for (const { answer } of group) answer(status)
  }
  isWriting = false
}

async function store(group: readonly Arrived[]): Promise<void> {
  const columns = [group.map(one => one.guid), group.map(one => one.event), group.map(one => one.body)]
  const sql =
    'insert into plain_delivery select * from unnest($1::text[], $2::text[], $3::bytea[]) on conflict do nothing'
  await pool.query(sql, columns)
}

function isSigned(request: IncomingMessage, body: Buffer): boolean {
  const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex')
  const expected = createHmac('sha256', recipient.secret).update(body).digest()
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const answer = (status: number): void => void response.writeHead(status, { 'content-length': 0 }).end()
    if (!isSigned(request, body)) return answer(401)
    const { 'x-github-delivery': guid, 'x-github-event': event } = request.headers
    waiting.push({ guid: String(guid), event: String(event), body, answer })
    if (!isWriting) void writeAll()
  })
})
server.listen(Number(env['PORT']), '127.0.0.1')
