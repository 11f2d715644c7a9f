import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { close, listen } from './listening.ts'

/** A registry of version 1.1 of the specification that runs until it is closed. */
export interface RunningOciServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string
  readonly port: number
}

interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly uploads: Map<string, Buffer[]>
  /** Parts that are still coming: who asks how far an upload came waits for their end. */
  readonly parts: Map<string, Promise<void>>
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>
  readonly tags: Map<string, string>
}

interface Call {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly url: URL
  readonly repository: Repository
  readonly base: string
}

const indexType = 'application/vnd.oci.image.index.v1+json'

/** What one page of referrers holds: few, so that clients meet the next page. */
const pageSize = 2

/**
 * What Debian's registry does not have: the referrers API with pages, and uploads that are continued after a cut. Everything is kept in
 * memory. Source: OCI distribution specification 1.1.
 */
export async function startOciServer(): Promise<RunningOciServer> {
  const repositories = new Map<string, Repository>()
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://registry')
    const [, name = '', kind = '', reference = ''] =
      /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|referrers)\/(.*)$/.exec(url.pathname) ?? []
    const repository = repositories.get(name) ?? {
      blobs: new Map(),
      uploads: new Map(),
      parts: new Map(),
      manifests: new Map(),
      tags: new Map(),
    }
    repositories.set(name, repository)
    const call = { incoming, outgoing, url, repository, base: `/v2/${name}` }
    const answer = answers[`${incoming.method} ${kind}`] ?? (() => refuse(outgoing, 405, 'UNSUPPORTED'))
    const answering = async (): Promise<unknown> => answer(call, reference)
    answering().catch(() => outgoing.destroy())
  })
  const port = await listen(server)
  return { host: `127.0.0.1:${port}`, port, [Symbol.asyncDispose]: () => close(server) }
}

type Handler = (call: Call, reference: string) => unknown

const answers: Readonly<Record<string, Handler>> = {
  'POST blobs/uploads': ({ repository, outgoing, base }) => {
    const id = randomUUID()
    repository.uploads.set(id, [])
    outgoing.writeHead(202, { location: `${base}/blobs/uploads/${id}`, range: '0-0' }).end()
  },

  'GET blobs/uploads': async (call, id) => {
    await call.repository.parts.get(id)
    const held = call.repository.uploads.get(id)
    if (held === undefined) return refuse(call.outgoing, 404, 'BLOB_UPLOAD_UNKNOWN')
    return call.outgoing.writeHead(204, progress(call, id, held)).end()
  },

  'PATCH blobs/uploads': async (call, id) => {
    const held = call.repository.uploads.get(id)
    if (held === undefined) return refuse(call.outgoing, 404, 'BLOB_UPLOAD_UNKNOWN')
    const start = call.incoming.headers['content-range']?.split('-')[0]
    if (start !== undefined && Number(start) !== sizeOf(held)) {
      return call.outgoing.writeHead(416, progress(call, id, held)).end()
    }
    // Kept as it comes, so that what arrived before a cut is still there after it.
    const part = keepPart(call.incoming, held)
    call.repository.parts.set(
      id,
      part.catch(() => undefined),
    )
    await part
    return call.outgoing.writeHead(202, progress(call, id, held)).end()
  },

  'PUT blobs/uploads': async ({ incoming, outgoing, url, repository }, id) => {
    const held = repository.uploads.get(id)
    const digest = url.searchParams.get('digest') ?? ''
    if (held === undefined) return refuse(outgoing, 404, 'BLOB_UPLOAD_UNKNOWN')
    const blob = Buffer.concat([...held, await whole(incoming)])
    repository.uploads.delete(id)
    if (digestOf(blob) !== digest) return refuse(outgoing, 400, 'DIGEST_INVALID')
    repository.blobs.set(digest, blob)
    return outgoing.writeHead(201, { 'docker-content-digest': digest }).end()
  },

  'DELETE blobs/uploads': ({ repository, outgoing }, id) => {
    outgoing.writeHead(repository.uploads.delete(id) ? 204 : 404).end()
  },

  'HEAD blobs': ({ repository, outgoing }, digest) => {
    const blob = repository.blobs.get(digest)
    if (blob === undefined) return outgoing.writeHead(404).end()
    return outgoing.writeHead(200, { 'content-length': blob.length, 'docker-content-digest': digest }).end()
  },

  'GET blobs': ({ repository, incoming, outgoing }, digest) => {
    const blob = repository.blobs.get(digest)
    if (blob === undefined) return refuse(outgoing, 404, 'BLOB_UNKNOWN')
    const start = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? '')?.[1] ?? 0)
    const range = start === 0 ? {} : { 'content-range': `bytes ${start}-${blob.length - 1}/${blob.length}` }
    return outgoing.writeHead(start === 0 ? 200 : 206, range).end(blob.subarray(start))
  },

  'PUT manifests': async ({ incoming, outgoing, repository }, reference) => {
    const bytes = await whole(incoming)
    const manifest = JSON.parse(bytes.toString())
    const named = [manifest.config, ...(manifest.layers ?? [])].filter(Boolean).map(({ digest }) => String(digest))
    if (named.some(digest => !repository.blobs.has(digest))) return refuse(outgoing, 404, 'MANIFEST_BLOB_UNKNOWN')
    const digest = digestOf(bytes)
    repository.manifests.set(digest, { type: String(incoming.headers['content-type']), bytes })
    if (!reference.startsWith('sha256:')) repository.tags.set(reference, digest)
    const subject = manifest.subject === undefined ? {} : { 'oci-subject': String(manifest.subject.digest) }
    return outgoing.writeHead(201, { 'docker-content-digest': digest, ...subject }).end()
  },

  'GET manifests': (call, reference) => readManifest(call, reference),
  'HEAD manifests': (call, reference) => readManifest(call, reference),

  'GET referrers': ({ repository, outgoing, url }, subject) => {
    const type = url.searchParams.get('artifactType')
    const page = Number(url.searchParams.get('page') ?? 0)
    const all = [...repository.manifests].flatMap(([digest, { bytes, type: mediaType }]) => {
      const { subject: of, artifactType, config, annotations } = JSON.parse(bytes.toString())
      const found = {
        mediaType,
        digest,
        size: bytes.length,
        artifactType: artifactType ?? config.mediaType,
        annotations,
      }
      return of?.digest === subject && (type === null || found.artifactType === type) ? [found] : []
    })
    url.searchParams.set('page', String(page + 1))
    const hasMore = all.length > (page + 1) * pageSize
    const link = hasMore ? { link: `<${url.pathname}${url.search}>; rel="next"` } : {}
    const manifests = all.slice(page * pageSize, (page + 1) * pageSize)
    const filtered = { 'content-type': indexType, 'oci-filters-applied': 'artifactType', ...link }
    outgoing.writeHead(200, filtered).end(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }))
  },
}

async function keepPart(incoming: IncomingMessage, held: Buffer[]): Promise<void> {
  for await (const chunk of incoming) held.push(chunk)
}

function readManifest({ repository, incoming, outgoing }: Call, reference: string): unknown {
  const digest = repository.tags.get(reference) ?? reference
  const manifest = repository.manifests.get(digest)
  if (manifest === undefined) return refuse(outgoing, 404, 'MANIFEST_UNKNOWN')
  const headers = {
    'content-type': manifest.type,
    'content-length': manifest.bytes.length,
    'docker-content-digest': digest,
  }
  outgoing.writeHead(200, headers)
  return incoming.method === 'HEAD' ? outgoing.end() : outgoing.end(manifest.bytes)
}

function refuse(outgoing: ServerResponse, status: number, code: string): void {
  outgoing
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: [{ code, message: code }] }))
}

function progress({ base }: Call, id: string, held: readonly Buffer[]): Record<string, string> {
  return { location: `${base}/blobs/uploads/${id}`, range: `0-${Math.max(sizeOf(held) - 1, 0)}` }
}

function sizeOf(held: readonly Buffer[]): number {
  return held.reduce((sum, chunk) => sum + chunk.length, 0)
}

async function whole(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
