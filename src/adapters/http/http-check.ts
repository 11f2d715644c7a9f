/** One question to a URL, asked until it answers as expected or the deadline passes. */
export interface HttpCheck {
  readonly url: string
  readonly expect: number
  readonly withinMs: number
  readonly signal?: AbortSignal | undefined
}

/** What was seen last. */
export interface HttpCheckEnd {
  readonly kind: 'passed' | 'failed'
  readonly words: string
  /** The head of the last body. */
  readonly evidence: string
  readonly attempts: number
  readonly tookMs: number
}

const attemptMs = 5_000
const pauseMs = 500
const bodyBytes = 64 * 1024
const evidenceCharacters = 500

/**
 * Asks a health URL. Redirects are not followed: a health check that is sent elsewhere has not been answered. Each attempt ends after
 * 5 s or 64 KB, so that an endless body is a failed check and not a hung job.
 */
export async function runHttpCheck(check: HttpCheck): Promise<HttpCheckEnd> {
  const started = performance.now()
  const left = (): number => check.withinMs - (performance.now() - started)
  let attempts = 0
  let last: Answer
  for (;;) {
    attempts += 1
    const answer = await askOnce(check, Math.max(Math.round(Math.min(attemptMs, left())), 1))
    if (answer.status === check.expect) {
      const words = `GET ${check.url} answered ${answer.status}`
      return { kind: 'passed', words, evidence: answer.body, attempts, tookMs: Math.round(performance.now() - started) }
    }
    last = answer
    // A last question that has no time to be answered would only hide what the one before it saw.
    if (left() <= pauseMs || check.signal?.aborted === true) break
    await pause(pauseMs, check.signal)
  }
  return {
    kind: 'failed',
    words: `GET ${check.url} ${last.words}, expected ${check.expect}`,
    evidence: last.body,
    attempts,
    tookMs: Math.round(performance.now() - started),
  }
}

interface Answer {
  readonly status: number | undefined
  readonly words: string
  readonly body: string
}

async function askOnce(check: HttpCheck, timeoutMs: number): Promise<Answer> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const signal = check.signal === undefined ? deadline : AbortSignal.any([deadline, check.signal])
  try {
    const response = await fetch(check.url, { redirect: 'manual', signal, headers: { 'user-agent': 'ringway' } })
    const body = await readHead(response)
    return { status: response.status, words: `answered ${response.status}`, body }
  } catch (error) {
    const words = deadline.aborted ? `did not answer within ${timeoutMs} ms` : `could not be reached (${reason(error)})`
    return { status: undefined, words, body: '' }
  }
}

async function readHead(response: Response): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > bodyBytes) throw new TypeError(`more than ${bodyBytes} bytes of body`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, evidenceCharacters)
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
