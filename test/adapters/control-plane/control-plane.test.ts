import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAppAddress } from '../../../src/adapters/control-plane/app-address.ts'
import type { AppConnection } from '../../../src/adapters/control-plane/ask-app.ts'
import { createControlPlane } from '../../../src/adapters/control-plane/control-plane.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import type { Assignment } from '../../../src/domain/run-protocol.ts'
import { commitSha, durationMs, sha256Digest } from '../../../src/domain/units.ts'
import { type AppServer, startAppServer } from '../../support/app-server.ts'
import { type HttpFault, type RunningHttpFaultProxy, startHttpFaultProxy } from '../../support/http-fault-proxy.ts'
import { componentOf, manifestOf } from '../../support/manifests.ts'
import { openSmallControlPlane, type SmallControlPlane } from '../../support/small-control-plane.ts'

const digest = sha256Digest(`sha256:${'1'.repeat(64)}`)
const work = {
  githubDeployment: 70,
  promotion: 'p-1',
  task: 'place',
  solution: 'shop',
  ring: 'dev',
  environment: 'shop-dev',
  version: 2,
  digest,
  organisation: { REGION: 'eu', REPLICAS: 2, FAST: true },
} satisfies Partial<Assignment>
const claim = {
  command: 'deploy',
  environment: 'shop-dev',
  promotion: 'p-1',
  artifact: undefined,
  reason: undefined,
} as const

let app: SmallControlPlane
let server: AppServer
let faults: RunningHttpFaultProxy
let pauses: number[]
let tokens: string[]
let used: Set<string>

beforeEach(async () => {
  app = openSmallControlPlane()
  ;[pauses, tokens, used] = [[], [], new Set()]
  server = await startAppServer(app, async token => {
    const isFresh = token.startsWith('run-7-') && !used.has(token)
    used.add(token)
    if (isFresh) return { runId: 7 }
    throw new RingwayError({ code: 'unauthenticated', message: 'no such run', remedy: 'Ask for a token.' })
  })
  faults = await startHttpFaultProxy(server.port)
})
afterEach(async () => {
  await faults[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

function connect(instead: Partial<AppConnection & { readonly runId: number }> = {}) {
  return createControlPlane({
    address: readAppAddress(`http://127.0.0.1:${faults.port}/`),
    send: fetch,
    identityToken: async audience => {
      tokens.push(audience)
      return `run-7-${tokens.length}`
    },
    sleep: async pause => void pauses.push(pause),
    signal: new AbortController().signal,
    answerWithin: durationMs(300),
    runId: 7,
    ...instead,
  })
}

const failure = async (asked: Promise<unknown>): Promise<RingwayError> => {
  const error: unknown = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof RingwayError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}
const breakNext = (fault: HttpFault, times = 1): void =>
  faults.inject({ method: 'POST', path: /^\/v1\//, fault, times })

describe('what both sides say arrives as it was meant', () => {
  it('the work of a run, with everything and with as little as possible', async () => {
    app.authorise({ ...work, parameters: { region: 'eu-1' } })
    expect(await connect().claim(claim)).toEqual({
      ...work,
      parameters: { region: 'eu-1' },
      deployment: 1,
      previous: undefined,
      state: 'building',
    })
    app.authorise({ ...work, promotion: 'p-2', version: undefined, githubDeployment: undefined, organisation: {} })
    const bare = await connect().claim({ ...claim, promotion: 'p-2', reason: 'because', artifact: 'v2' })
    expect(bare).toMatchObject({ version: undefined, githubDeployment: undefined, organisation: {}, deployment: 2 })
  })

  it('a report with all that a run saw, and the verdict on it', async () => {
    app.authorise({ ...work })
    const control = connect()
    await control.claim(claim)
    app.decide(() => ({
      verdict: 'stop',
      reason: 'pointer_moved',
      words: 'v3 is there',
      current: { artifact: { version: 3, digest } },
    }))
    const report = {
      deployment: 1,
      event: 'checked',
      words: '1 check passed',
      url: 'https://shop.example/v2',
      checks: [{ kind: 'passed', words: 'GET / answered 200', evidence: '', attempts: 1, took_ms: 12 }],
    } as const
    expect(await control.report(report)).toEqual({
      state: 'building',
      verdict: 'stop',
      reason: 'pointer_moved',
      words: 'v3 is there',
      current: { artifact: { version: 3, digest } },
    })
    expect(app.reports).toEqual([report])
    app.authorise({ ...work, promotion: 'p-2' })
    await control.claim({ ...claim, promotion: 'p-2' })
    app.decide(() => ({ verdict: 'stop', current: { artifact: undefined } }))
    expect(await control.report({ ...report, deployment: 2 })).toMatchObject({ current: { artifact: undefined } })
  })

  it('[C25] a build, with its manifest but for the files', async () => {
    const { files: _, ...manifest } = manifestOf({
      solution: 'shop',
      components: [componentOf('app', { input: { type: 'object' }, timeoutMs: 5, secrets: ['KEY'] })],
      locks: [{ path: 'package-lock.json', digest }],
      config: { repository: { A: 1 }, solution: {}, rings: { dev: { camelCase: true } } },
    })
    const commit = commitSha('a'.repeat(40))
    const report = { solution: 'shop', version: 4, digest, content: digest, commit, pullRequest: undefined, manifest }
    expect(await connect().reportBuild(report)).toEqual({ promotions: [{ ring: 'dev', promotion: 'p-dev-4' }] })
    expect(app.builds).toEqual([report])
    const draft = { ...report, version: undefined, pullRequest: 12 }
    expect(await connect().reportBuild(draft)).toEqual({ promotions: [] })
    expect(app.builds[1]).toEqual(draft)
  })

  it('a wish for a promotion, and what the rings point to', async () => {
    const wish = { environment: 'shop-dev', artifact: 'v2', reason: 'now', dryRun: true }
    expect(await connect().promote(wish)).toMatchObject({ reason_code: 'dry_run' })
    expect(app.wishes).toEqual([wish])
    const active = app.authorise({ ...work, state: 'active' })
    app.pointers.set('shop-dev', active)
    expect(await connect().readRings()).toMatchObject([{ ring: 'dev', version: 'v2', state: 'active', url: null }])
  })
})

describe('an App that is not at its best', () => {
  const passing: readonly { readonly what: string; readonly fault: HttpFault }[] = [
    { what: 'cuts the connection', fault: { kind: 'cut_request', afterBytes: 0 } },
    { what: 'loses its answer', fault: { kind: 'lose_answer' } },
    { what: 'says nothing', fault: { kind: 'silence' } },
    { what: 'answers 503 of a proxy', fault: { kind: 'answer', status: 503, body: '<html>' } },
    { what: 'answers 502', fault: { kind: 'answer', status: 502 } },
    {
      what: 'answers 429',
      fault: { kind: 'answer', status: 429, headers: { 'retry-after': '3' }, body: '{}' },
    },
    {
      what: 'still takes in the same message',
      fault: {
        kind: 'answer',
        status: 409,
        body: JSON.stringify({ detail: 'it is being answered', code: 'request_in_progress', remedy: 'Wait.' }),
      },
    },
  ]
  it.each(passing)('$what twice, and is asked again with a token of its own', async ({ fault }) => {
    app.authorise({ ...work })
    breakNext(fault, 2)
    expect(await connect().claim(claim)).toMatchObject({ deployment: 1 })
    expect(pauses).toHaveLength(2)
    expect(tokens).toEqual(Array(3).fill(`http://127.0.0.1:${faults.port}`))
    const sent = faults.seen.map(({ headers }) => headers['authorization'])
    expect(new Set(sent).size).toBe(3)
  })

  it('waits as long as it is told to', async () => {
    app.authorise({ ...work })
    breakNext({ kind: 'answer', status: 429, headers: { 'retry-after': '3' } })
    await connect().claim(claim)
    expect(pauses).toEqual([3_000])
  })

  it('is given up after about a minute of pauses', async () => {
    breakNext({ kind: 'answer', status: 503 }, 100)
    const error = await failure(connect().claim(claim))
    expect(error).toMatchObject({ code: 'app_unreachable', kind: 'errored' })
    expect(error.message).toContain('503')
    const waited = pauses.reduce((sum, pause) => sum + pause, 0)
    expect(waited).toBeGreaterThan(30_000)
    expect(waited).toBeLessThan(61_000)
    expect(app.reports).toEqual([])
  })

  it('is given up at once when it asks for more patience than a job has', async () => {
    breakNext({ kind: 'answer', status: 503, headers: { 'retry-after': '3600' } }, 100)
    expect(await failure(connect().claim(claim))).toMatchObject({ code: 'app_unreachable' })
    expect(pauses).toEqual([])
  })

  const nonsense: readonly { readonly what: string; readonly fault: HttpFault }[] = [
    { what: 'a page', fault: { kind: 'answer', status: 200, body: '<h1>Welcome</h1>' } },
    { what: 'nothing', fault: { kind: 'answer', status: 200 } },
    { what: 'JSON of something else', fault: { kind: 'answer', status: 200, body: '{"ok":true}' } },
    {
      what: 'work without a digest',
      fault: {
        kind: 'answer',
        status: 200,
        body: '{"deployment":1,"promotion":"p","task":"place","solution":"s","ring":"r","environment":"e","digest":"latest","organisation":{},"state":"queued"}',
      },
    },
    { what: 'a page that is not there', fault: { kind: 'answer', status: 404, body: 'not found' } },
    {
      what: 'a way to another place',
      fault: { kind: 'answer', status: 302, headers: { location: 'http://127.0.0.1:1/v1/runs' } },
    },
  ]
  it.each(nonsense)('answers with $what, and is not asked again', async ({ fault }) => {
    app.authorise({ ...work })
    breakNext(fault)
    const error = await failure(connect().claim(claim))
    expect(error).toMatchObject({ code: 'app_unreachable', kind: 'errored', remedy: expect.stringMatching(/\w/) })
    expect(faults.seen).toHaveLength(1)
  })

  it('knows a reason that this version does not: its words count', async () => {
    const body = JSON.stringify({ state: 'deploying', verdict: 'stop', reason: 'of_next_year', words: 'no', more: 1 })
    breakNext({ kind: 'answer', status: 200, body })
    const verdict = await connect().report({ deployment: 1, event: 'packaged', words: 'here' })
    expect(verdict).toMatchObject({ verdict: 'stop', reason: 'internal_error', words: 'no' })
  })
})

describe('an App that says no', () => {
  it('is heard once, with the command to type', async () => {
    const error = await failure(connect().claim(claim))
    expect(error).toMatchObject({ code: 'unauthorised_run', kind: 'failed', remedy: 'Comment `/promote shop-dev`.' })
    expect([faults.seen.length, pauses.length]).toEqual([1, 0])
  })

  it('does not let a run speak for another one', async () => {
    app.authorise({ ...work })
    const report = { deployment: 1, event: 'packaged', words: 'here' } as const
    expect(await failure(connect({ runId: 8 }).report(report))).toMatchObject({ code: 'not_found' })
    expect(app.reports).toEqual([])
  })

  it('takes no token twice', async () => {
    app.authorise({ ...work })
    const control = connect({ identityToken: async () => 'run-7-same' })
    await control.claim(claim)
    expect(await failure(control.claim(claim))).toMatchObject({ code: 'unauthenticated', kind: 'failed' })
  })
})

describe('a run that cannot prove who it is', () => {
  it('asks GitHub again where that may help', async () => {
    app.authorise({ ...work })
    let asked = 0
    const identityToken = async (): Promise<string> => {
      asked += 1
      if (asked === 3) return 'run-7-late'
      throw new RingwayError({ code: 'github_unreachable', kind: 'errored', message: 'no token', remedy: 'Wait.' })
    }
    expect(await connect({ identityToken }).claim(claim)).toMatchObject({ deployment: 1 })
    expect(pauses).toHaveLength(2)
  })

  it('says so where it cannot, and the App is not asked', async () => {
    const identityToken = async (): Promise<string> => {
      throw new RingwayError({ code: 'unauthenticated', message: 'may not', remedy: 'Give it `id-token: write`.' })
    }
    expect(await failure(connect({ identityToken }).claim(claim))).toMatchObject({ code: 'unauthenticated' })
    expect([faults.seen.length, pauses.length]).toEqual([0, 0])
  })
})

it('[M6] a job that is cancelled waits for no answer', async () => {
  const cancel = new AbortController()
  breakNext({ kind: 'silence' })
  const asked = connect({ signal: cancel.signal, answerWithin: durationMs(60_000) }).claim(claim)
  const reason = new Error('cancelled')
  setTimeout(() => cancel.abort(reason), 20)
  await expect(asked).rejects.toBe(reason)
  expect(pauses).toEqual([])
})
