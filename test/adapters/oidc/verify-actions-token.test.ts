import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type ActionsTokenVerifier,
  createActionsTokenVerifier,
} from '../../../src/adapters/oidc/verify-actions-token.ts'
import { epochMs } from '../../../src/domain/units.ts'
import type { ReplayGuard } from '../../../src/ports/replay-guard.ts'
import { idTokenRequestUrl } from '../../../src/sandbox/oidc/identity-routes.ts'
import { openSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts'
import { close, listen } from '../../support/listening.ts'

const audience = 'https://ringway.acme.test'
const claims = {
  sub: 'repo:acme/shop:environment:production',
  repository: 'acme/shop',
  repository_id: '99',
  repository_owner_id: '7',
  run_id: '1234',
  run_attempt: '2',
  event_name: 'workflow_dispatch',
  ref: 'refs/heads/main',
  ref_protected: 'true',
  workflow_ref: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
  job_workflow_ref: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
  environment: 'production',
  sha: 'a'.repeat(40),
  actor_id: '42',
  actor: 'alice',
  runner_environment: 'github-hosted',
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())

/** Lets each id through once, as the table does. */
function onceEach(): ReplayGuard & { readonly until: Map<string, number> } {
  const until = new Map<string, number>()
  return {
    until,
    use: async (id, end) => !until.has(id) && until.set(id, end).size > 0,
  }
}

function verifier(options: { now?: number; issuer?: string; guard?: ReplayGuard } = {}): ActionsTokenVerifier {
  return createActionsTokenVerifier({
    issuer: options.issuer ?? sandbox.url,
    audience,
    replayGuard: options.guard ?? onceEach(),
    now: () => epochMs(options.now ?? Date.now()),
    monotonic: () => performance.now(),
  })
}

/** A token that the sandbox's identity provider signs. */
async function signed(
  changes: {
    claims?: Partial<Record<keyof typeof claims, string>>
    without?: keyof typeof claims
    audience?: string | undefined
    now?: number
    issuer?: string
  } = {},
): Promise<string> {
  const all = Object.entries({ ...claims, ...changes.claims }).filter(([name]) => name !== changes.without)
  const requestToken = sandbox.world.identity.admit({
    claims: () => ({ sub: claims.sub, ...Object.fromEntries(all) }),
    defaultAudience: 'https://github.com/acme',
  })
  const token = await sandbox.world.identity.idToken({
    requestToken,
    audience: 'audience' in changes ? changes.audience : audience,
    issuer: changes.issuer ?? sandbox.url,
    now: new Date(changes.now ?? Date.now()),
  })
  return token ?? ''
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const refused = (words: string): unknown =>
  expect.objectContaining({ code: 'unauthenticated', message: expect.stringContaining(words) })

describe('an Actions token', () => {
  it('says which run it is, as a job gets it over HTTP', async () => {
    const requestToken = sandbox.world.identity.admit({ claims: () => claims, defaultAudience: 'x' })
    const response = await fetch(`${idTokenRequestUrl(sandbox.world)}&audience=${encodeURIComponent(audience)}`, {
      headers: { authorization: `bearer ${requestToken}` },
    })
    const { value } = Object(await response.json())
    expect(await verifier().verify(String(value))).toEqual({
      repositoryId: 99,
      repository: 'acme/shop',
      ownerId: 7,
      runId: 1234,
      runAttempt: 2,
      eventName: 'workflow_dispatch',
      ref: 'refs/heads/main',
      refProtected: true,
      workflowRef: claims.workflow_ref,
      jobWorkflowRef: claims.job_workflow_ref,
      environment: 'production',
      sha: claims.sha,
      actorId: 42,
      actor: 'alice',
      runnerEnvironment: 'github-hosted',
    })
  })

  it('says the same whatever form its subject has', async () => {
    const token = await signed({ claims: { sub: 'repo:acme@7/shop@99:ref:refs/heads/other' } })
    expect(await verifier().verify(token)).toMatchObject({ repositoryId: 99, environment: 'production' })
  })

  it('of a job without an environment has none, and that of a server that says less is read too', async () => {
    const none = await signed({ without: 'environment' })
    expect(await verifier().verify(none)).toMatchObject({ environment: undefined })
    expect(await verifier().verify(await signed({ without: 'ref_protected' }))).toMatchObject({
      refProtected: undefined,
    })
  })

  it.each(['repository_id', 'run_id', 'workflow_ref', 'event_name', 'actor_id'] as const)(
    'is refused without %s',
    async without => {
      await expect(verifier().verify(await signed({ without }))).rejects.toEqual(refused(without))
    },
  )
  it.each(['0', '-1', '1e3', '99 ', '', '0x63', '99999999999999999999'])(
    'is refused with the repository id "%s"',
    async id => {
      const token = await signed({ claims: { repository_id: id } })
      await expect(verifier().verify(token)).rejects.toEqual(refused('repository_id'))
    },
  )
})

describe('E86: the signature', () => {
  const payload = (): Record<string, unknown> => {
    const now = Math.floor(Date.now() / 1000)
    return { ...claims, aud: audience, iss: sandbox.url, jti: 'a-jti-of-ours', iat: now, nbf: now, exp: now + 300 }
  }

  it('E86: alg none is a refusal', async () => {
    const token = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payload())}.`
    await expect(verifier().verify(token)).rejects.toEqual(refused('RS256'))
  })
  it('E86: HS256 with the public key as its secret is a refusal', async () => {
    const [jwk] = sandbox.world.identity.jwks().keys
    const key = await importJWK({ ...jwk, ext: true }, 'RS256')
    if (key instanceof Uint8Array) throw new TypeError('expected a public key')
    const body = `${encode({ alg: 'HS256', typ: 'JWT', kid: jwk?.kid })}.${encode(payload())}`
    const signature = createHmac('sha256', await exportSPKI(key))
      .update(body)
      .digest('base64url')
    await expect(verifier().verify(`${body}.${signature}`)).rejects.toEqual(refused('RS256'))
  })
  it.each(['../../../../dev/null', '', 'other', 'jwks.json?x=1', "' or 1=1 --"])(
    'E86: the key id "%s" is a refusal',
    async kid => {
      const { privateKey } = await generateKeyPair('RS256')
      const token = await new SignJWT(payload()).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
      await expect(verifier().verify(token)).rejects.toEqual(refused('no such key'))
    },
  )
  it('E86: a key of a stranger under the name of the issuer’s is a refusal', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const kid = sandbox.world.identity.jwks().keys[0]?.kid ?? ''
    const token = await new SignJWT(payload()).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
    await expect(verifier().verify(token)).rejects.toEqual(refused('signature'))
  })
  it('E86: a payload that was changed is a refusal', async () => {
    const [header, , signature] = (await signed()).split('.')
    const changed = `${header}.${encode({ ...payload(), repository_id: '1' })}.${signature}`
    await expect(verifier().verify(changed)).rejects.toEqual(refused('signature'))
  })

  it('E86: keys that the token itself brings along are never asked for', async () => {
    let asked = 0
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const jwk = { ...(await exportJWK(publicKey)), kid: 'mine', alg: 'RS256' }
    const server: Server = createServer((_, response) => {
      asked += 1
      response.end(JSON.stringify({ keys: [jwk] }))
    })
    const url = `http://127.0.0.1:${await listen(server)}/jwks`
    const certificate = Buffer.from('a certificate').toString('base64')
    for (const brought of [{ jku: url }, { x5u: url }, { jwk }, { x5c: [certificate] }]) {
      const header = { alg: 'RS256', kid: 'mine', ...brought }
      const token = await new SignJWT(payload()).setProtectedHeader(header).sign(privateKey)
      await expect(verifier().verify(token)).rejects.toEqual(refused(`header ${Object.keys(brought)[0]}`))
    }
    await close(server)
    expect(asked).toBe(0)
  })

  it.each(['', 'x', 'a.b', 'a.b.c', '..', `${'e'.repeat(20_000)}.e.e`, 'eyJhbGciOiJSUzI1NiJ9.e.e'])(
    'E86: "%.30s" is a refusal',
    async token => {
      await expect(verifier().verify(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    },
  )
  it('says nothing of the token itself', async () => {
    const token = await signed({ audience: 'https://other.test' })
    await expect(verifier().verify(token)).rejects.toEqual(
      expect.objectContaining({ message: expect.not.stringContaining(token.slice(-20)) }),
    )
  })
})

describe('whom it is for, and from when to when', () => {
  it('E87: the default audience of the owner is a refusal', async () => {
    await expect(verifier().verify(await signed({ audience: undefined }))).rejects.toEqual(refused('aud'))
  })
  it.each([`${audience}/`, audience.toUpperCase(), `${audience}.evil.test`, audience.slice(0, -1)])(
    'E87: the audience %s is a refusal',
    async other => {
      await expect(verifier().verify(await signed({ audience: other }))).rejects.toEqual(refused('aud'))
    },
  )
  it('E87: an audience with extras is a refusal', async () => {
    const { url, close: end, sign } = await ownIssuer()
    const token = await sign({ iss: url, aud: [audience, 'https://other.test'] })
    await expect(verifier({ issuer: url }).verify(token)).rejects.toEqual(refused('others as well'))
    expect(await verifier({ issuer: url }).verify(await sign({ iss: url, aud: [audience] }))).toMatchObject({
      runId: 1234,
    })
    await end()
  })
  it('another issuer is a refusal', async () => {
    for (const issuer of [`${sandbox.url}/`, 'https://token.actions.githubusercontent.com']) {
      await expect(verifier().verify(await signed({ issuer }))).rejects.toEqual(refused('iss'))
    }
  })

  const seconds = 1_000
  it.each([
    { what: 'expired a minute and a second ago', ago: 361, words: 'exp' },
    { what: 'not valid for a minute and two seconds yet', ago: -62, words: 'nbf' },
    { what: 'of an hour ahead, as our clock that is an hour behind sees it', ago: -3_600, words: 'nbf' },
  ])('E88: a token $what is a refusal', async ({ ago, words }) => {
    const now = 1_764_000_000_000
    const token = await signed({ now: now - ago * seconds })
    await expect(verifier({ now }).verify(token)).rejects.toEqual(refused(words))
  })
  it.each([0, 300, 355, -55])('E88: a token made %d s ago is good with clocks a minute apart', async ago => {
    const now = 1_764_000_000_000
    expect(await verifier({ now }).verify(await signed({ now: now - ago * seconds }))).toMatchObject({ runId: 1234 })
  })
  it('E88: a token that says of itself that it lives for days is a refusal', async () => {
    const { url, close: end, sign } = await ownIssuer()
    const now = Math.floor(Date.now() / 1000)
    const token = await sign({ iss: url, aud: audience, iat: now - 7_200, nbf: now - 7_200, exp: now + 864_000 })
    await expect(verifier({ issuer: url }).verify(token)).rejects.toEqual(refused('iat'))
    for (const lacking of ['exp', 'nbf', 'iat', 'jti'] as const) {
      const poor = await sign({ iss: url, aud: audience, [lacking]: undefined })
      await expect(verifier({ issuer: url }).verify(poor)).rejects.toEqual(refused(lacking))
    }
    await end()
  })
})

describe('E92: it is good once', () => {
  it('E92: the second use is a replay', async () => {
    const guard = onceEach()
    const token = await signed()
    await verifier({ guard }).verify(token)
    await expect(verifier({ guard }).verify(token)).rejects.toMatchObject({ code: 'token_replayed' })
  })
  it('E92: it is remembered for as long as a slow clock would take it', async () => {
    const guard = onceEach()
    const now = 1_764_000_000_000
    await verifier({ guard, now }).verify(await signed({ now }))
    expect([...guard.until.values()]).toEqual([now + 360_000])
  })
  it('a token that is refused for something else is not remembered', async () => {
    const guard = onceEach()
    await expect(verifier({ guard }).verify(await signed({ audience: 'https://x.test' }))).rejects.toThrow('aud')
    expect(guard.until.size).toBe(0)
  })
})

describe('the issuer', () => {
  let issuer: Awaited<ReturnType<typeof ownIssuer>>
  afterEach(() => issuer.close())

  it('is asked for its keys once, and again for a key that it did not have, but not for each bad token', async () => {
    issuer = await ownIssuer()
    const one = verifier({ issuer: issuer.url })
    const good = { iss: issuer.url, aud: audience }
    await Promise.all([1, 2, 3].map(async () => one.verify(await issuer.sign(good))))
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys'])
    await Promise.allSettled([1, 2, 3, 4, 5].map(async () => one.verify(await issuer.sign(good, 'unknown'))))
    expect(issuer.asked).toHaveLength(2)
  })

  it('that does not answer is an error and no refusal, and is not asked again at once', async () => {
    issuer = await ownIssuer({ answers: 500 })
    let elapsed = 0
    const one = createActionsTokenVerifier({
      issuer: issuer.url,
      audience,
      replayGuard: onceEach(),
      now: () => epochMs(Date.now()),
      monotonic: () => elapsed,
    })
    const attempt = async (): Promise<unknown> => one.verify(await issuer.sign({ iss: issuer.url, aud: audience }))
    for (let time = 0; time < 3; time += 1) {
      await expect(attempt()).rejects.toMatchObject({ code: 'github_unreachable', kind: 'errored' })
    }
    expect(issuer.asked).toHaveLength(1)
    issuer.answers(200)
    elapsed = 30_000
    expect(await attempt()).toMatchObject({ runId: 1234 })
  })

  it.each([
    { what: 'that calls itself by another name', document: { issuer: 'https://other.test' }, words: 'calls itself' },
    { what: 'whose keys are elsewhere', document: { jwks_uri: 'http://127.0.0.1:9/keys' }, words: 'another place' },
  ])('$what is not believed', async ({ document, words }) => {
    issuer = await ownIssuer({ document })
    const token = await issuer.sign({ iss: issuer.url, aud: audience })
    await expect(verifier({ issuer: issuer.url }).verify(token)).rejects.toEqual(
      expect.objectContaining({ code: 'github_unreachable', message: expect.stringContaining(words) }),
    )
  })
})

/** An issuer with a key of our own, for tokens that no identity provider would sign. */
async function ownIssuer(options: { answers?: number; document?: Record<string, string> } = {}): Promise<{
  readonly url: string
  readonly asked: string[]
  readonly answers: (status: number) => void
  readonly sign: (claims: Record<string, unknown>, kid?: string) => Promise<string>
  readonly close: () => Promise<void>
}> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'ours', alg: 'RS256', use: 'sig' }]
  const asked: string[] = []
  let status = options.answers ?? 200
  let url = ''
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const document = { issuer: url, jwks_uri: `${url}/keys`, ...options.document }
    response.statusCode = status
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : document))
  })
  url = `http://127.0.0.1:${await listen(server)}`
  let number = 0
  return {
    url,
    asked,
    answers: next => {
      status = next
    },
    sign(given, kid = 'ours') {
      const now = Math.floor(Date.now() / 1000)
      number += 1
      const payload = { ...claims, jti: `token-number-${number}`, iat: now, nbf: now, exp: now + 300, ...given }
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
    },
    close: () => close(server),
  }
}
