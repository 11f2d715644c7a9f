import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { GIT_ENVIRONMENT } from '../git/run-git.ts'

export interface BackendCall {
  readonly directory: string
  /** Below the repository: `/info/refs`, `/git-receive-pack`. */
  readonly path: string
  readonly query: string
  readonly method: string
  readonly headers: { readonly contentType: string; readonly contentEncoding: string; readonly protocol: string }
  readonly body: Readable
  /** Pushing is allowed only with a user's name. */
  readonly user: string | undefined
}

export interface BackendAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** git's own CGI program, which speaks the smart protocol. */
export function runHttpBackend(call: BackendCall): Promise<BackendAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
      env: {
        ...GIT_ENVIRONMENT,
        GIT_PROJECT_ROOT: call.directory,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: call.path,
        QUERY_STRING: call.query,
        REQUEST_METHOD: call.method,
        CONTENT_TYPE: call.headers.contentType,
        HTTP_CONTENT_ENCODING: call.headers.contentEncoding,
        GIT_PROTOCOL: call.headers.protocol,
        ...(call.user === undefined ? {} : { REMOTE_USER: call.user }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    // The backend may refuse before it has read the whole body.
    child.stdin.on('error', () => undefined)
    // A client that goes away in the middle of its pack must not leave git waiting for the rest.
    call.body.on('error', () => child.kill())
    call.body.on('close', () => {
      if (!call.body.readableEnded) child.kill()
    })
    call.body.pipe(child.stdin)
    child.on('close', () => {
      const answer = parseAnswer(Buffer.concat(out))
      if (answer === undefined) reject(new Error(`git http-backend said: ${Buffer.concat(err).toString('utf8')}`))
      else resolve(answer)
    })
  })
}

function parseAnswer(output: Buffer): BackendAnswer | undefined {
  const end = output.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const headers = new Map(
    output
      .subarray(0, end)
      .toString('latin1')
      .split('\r\n')
      .map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const),
  )
  const status = Number((headers.get('status') ?? '200').split(' ')[0])
  headers.delete('status')
  return { status, headers: Object.fromEntries(headers), body: output.subarray(end + 4) }
}
