import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Environment, readEnvironment, readUnregistered } from '../../../app/env/read-environment.ts'
import { SettingsInvalid } from '../../../app/env/settings-invalid.ts'
import { environmentVariables, type VariableName } from '../../../app/env.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const directory = mkdtempSync(join(tmpdir(), 'ringway-env-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const secret = 'a-secret-of-exactly-32-bytes-000'
const until = { WEBHOOK_SECRET_PREVIOUS_UNTIL: '2026-11-21T18:00:00Z' }
const least: Environment = { APP_ID: '7', PRIVATE_KEY: pem, WEBHOOK_SECRET: secret }

describe('what the operator must say', () => {
  it('starts with three variables; the others have defaults', () => {
    expect(readEnvironment(least)).toEqual({
      app: { id: 7, privateKey: pem },
      webhookSecrets: { current: secret, previous: undefined },
      github: {
        apiUrl: 'https://api.github.com',
        serverUrl: 'https://github.com',
        oidcIssuer: 'https://token.actions.githubusercontent.com',
        hasQuotas: true,
      },
      host: '127.0.0.1',
      port: 3000,
      url: undefined,
      databaseUrl: undefined,
      dataDirectory: resolve('.ringway'),
      store: undefined,
      subscribers: 'public',
      logLevel: 'info',
      secrets: [pem, secret],
    })
  })

  it('hears of everything that is missing at once, each with its remedy', () => {
    expect(problemsOf({})).toEqual(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET'])
    expect(
      problemsOf({ PORT: 'http', LOG_LEVEL: 'loud', RINGWAY_STORE: 'ghcr.io/acme', DATABASE_URL: 'mysql://x' }),
    ).toEqual(['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'PORT', 'DATABASE_URL', 'RINGWAY_STORE', 'LOG_LEVEL'])
  })
})

describe('an App that nobody has registered', () => {
  it('is one that is told of no GitHub App at all, and of nothing wrong', () => {
    const { app: _, webhookSecrets: __, ...others } = readEnvironment(least)
    expect(readUnregistered({})).toEqual({ ...others, secrets: [] })
    expect(readUnregistered({ APP_ID: ' ', WEBHOOK_SECRET: '' })).toBeDefined()
    for (const environment of [
      { APP_ID: '7' },
      { PRIVATE_KEY_PATH: '/k' },
      { WEBHOOK_SECRET: secret },
      { PORT: 'http' },
    ]) {
      expect(readUnregistered(environment)).toBeUndefined()
    }
  })
})

describe('values that are refused, each under its own name', () => {
  const refused: readonly (readonly [why: string, name: VariableName, environment: Environment])[] = [
    ['no number', 'APP_ID', { APP_ID: 'ringway' }],
    ['zero', 'APP_ID', { APP_ID: '0' }],
    ['text that is no key', 'PRIVATE_KEY', { PRIVATE_KEY: 'hello' }],
    ['a key that GitHub does not know', 'PRIVATE_KEY', { PRIVATE_KEY: elliptic }],
    ['a key and a path', 'PRIVATE_KEY_PATH', { PRIVATE_KEY_PATH: '/key.pem' }],
    ['a path that leads nowhere', 'PRIVATE_KEY_PATH', { PRIVATE_KEY: '', PRIVATE_KEY_PATH: join(directory, 'none') }],
    ['a directory', 'PRIVATE_KEY_PATH', { PRIVATE_KEY: '', PRIVATE_KEY_PATH: directory }],
    ['31 bytes', 'WEBHOOK_SECRET', { WEBHOOK_SECRET: secret.slice(1) }],
    ['a known word often enough', 'WEBHOOK_SECRET', { WEBHOOK_SECRET: 'development'.repeat(4) }],
    ['a short one before', 'WEBHOOK_SECRET_PREVIOUS', { WEBHOOK_SECRET_PREVIOUS: 'short', ...until }],
    ['an end of nothing', 'WEBHOOK_SECRET_PREVIOUS', until],
    ['no end', 'WEBHOOK_SECRET_PREVIOUS_UNTIL', { WEBHOOK_SECRET_PREVIOUS: secret }],
    [
      'an end without a zone',
      'WEBHOOK_SECRET_PREVIOUS_UNTIL',
      { WEBHOOK_SECRET_PREVIOUS: secret, WEBHOOK_SECRET_PREVIOUS_UNTIL: '2026-11-21T18:00:00' },
    ],
    [
      'a day that is none',
      'WEBHOOK_SECRET_PREVIOUS_UNTIL',
      { WEBHOOK_SECRET_PREVIOUS: secret, WEBHOOK_SECRET_PREVIOUS_UNTIL: '2026-13-41T18:00:00Z' },
    ],
    ['pages in place of the API', 'GITHUB_API_URL', { GITHUB_API_URL: 'https://github.com' }],
    ['an API without encryption', 'GITHUB_API_URL', { GITHUB_API_URL: 'http://api.github.com' }],
    ['another path', 'GITHUB_API_URL', { GITHUB_API_URL: 'https://ghes.example.com/api/v4' }],
    ['credentials in a URL', 'GITHUB_API_URL', { GITHUB_API_URL: 'https://x:pass@ghes.example.com/api/v3' }],
    ['an issuer that is no URL', 'RINGWAY_OIDC_ISSUER', { RINGWAY_OIDC_ISSUER: 'github' }],
    ['a port too high', 'PORT', { PORT: '65536' }],
    ['a port with words', 'PORT', { PORT: '3000/tcp' }],
    ['a URL with a path', 'RINGWAY_URL', { RINGWAY_URL: 'https://example.com/ringway' }],
    ['a host alone', 'RINGWAY_URL', { RINGWAY_URL: 'ringway.example.com' }],
    ['another database', 'DATABASE_URL', { DATABASE_URL: 'mysql://localhost/x' }],
    ['a password that is no text', 'DATABASE_URL', { DATABASE_URL: 'postgres://u:%zz@localhost/x' }],
    ['a store without a scheme', 'RINGWAY_STORE', { RINGWAY_STORE: 'ghcr.io/{owner}/{repo}' }],
    ['an unknown placeholder', 'RINGWAY_STORE', { RINGWAY_STORE: 'oci://ghcr.io/{org}/{repo}' }],
    ['a user without a password', 'RINGWAY_STORE_USERNAME', { RINGWAY_STORE_USERNAME: 'octocat' }],
    ['an unknown place of subscribers', 'RINGWAY_SUBSCRIBERS', { RINGWAY_SUBSCRIBERS: 'anywhere' }],
    ['an unknown level', 'LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
  ]

  it.each(refused)('%s: %s', (_why, name, environment) => {
    expect(problemsOf({ ...least, ...environment })).toEqual([name])
  })

  it.each(['', 'development', 'Development', 'secret', ' '])('A23: the webhook secret "%s" is refused', value => {
    expect(problemsOf({ ...least, WEBHOOK_SECRET: value })).toEqual(['WEBHOOK_SECRET'])
  })

  it('are never shown when they are secret', () => {
    const short = 'hunter2'
    const message = refusal({
      ...least,
      PRIVATE_KEY: short,
      WEBHOOK_SECRET: short,
      DATABASE_URL: `mysql://u:${short}@host/x`,
      GITHUB_API_URL: `https://u:${short}@host/x`,
    }).message
    expect(message).not.toContain(short)
    expect(message).toContain('WEBHOOK_SECRET has 7 bytes')
  })
})

describe('private keys', () => {
  const file = join(directory, 'key.pem')
  writeFileSync(file, pkcs1)
  it.each([
    ['as its PEM file', { PRIVATE_KEY: pem }],
    ['as GitHub makes it (PKCS #1)', { PRIVATE_KEY: pkcs1 }],
    ['with its line ends escaped', { PRIVATE_KEY: pkcs1.replaceAll('\n', '\\n') }],
    ['in base64', { PRIVATE_KEY: Buffer.from(pkcs1).toString('base64') }],
    ['in a file', { PRIVATE_KEY: '', PRIVATE_KEY_PATH: file }],
  ])('are read %s', (_how, environment) => {
    expect(readEnvironment({ ...least, ...environment }).app.privateKey).toBe(pem)
  })
})

describe('the GitHub server', () => {
  it.each([
    ['https://api.github.com/', 'https://github.com', 'https://token.actions.githubusercontent.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com', 'https://token.actions.acme.ghe.com'],
    ['https://git.acme.com/api/v3', 'https://git.acme.com', 'https://git.acme.com/_services/token'],
    ['http://127.0.0.1:4000/api/v3/', 'http://127.0.0.1:4000', 'http://127.0.0.1:4000/_services/token'],
  ])('of %s is %s, and signs as %s', (apiUrl, serverUrl, oidcIssuer) => {
    const { github } = readEnvironment({ ...least, GITHUB_API_URL: apiUrl })
    expect(github).toEqual({
      apiUrl: apiUrl.replace(/\/$/, ''),
      serverUrl,
      oidcIssuer,
      hasQuotas: !apiUrl.includes('/api/v3'),
    })
  })

  it('may sign under another address', () => {
    const { github } = readEnvironment({
      ...least,
      GITHUB_API_URL: 'http://127.0.0.1:4000/api/v3',
      RINGWAY_OIDC_ISSUER: 'http://127.0.0.1:4000',
    })
    expect(github.oidcIssuer).toBe('http://127.0.0.1:4000')
  })
})

describe('everything else', () => {
  it('reads a secret that is being changed, with its end', () => {
    const before = 'the-secret-before-of-32-bytes-00'
    const { webhookSecrets } = readEnvironment({ ...least, WEBHOOK_SECRET_PREVIOUS: before, ...until })
    expect(webhookSecrets).toEqual({
      current: secret,
      previous: { secret: before, until: Date.parse('2026-11-21T18:00:00Z') },
    })
  })

  it('knows every secret that a log must not hold, also as a URL spells it', () => {
    const { secrets } = readEnvironment({
      ...least,
      DATABASE_URL: 'postgres://ringway:p%40ss-word@db/x',
      RINGWAY_STORE: 'oci://ghcr.io/{owner}/{repo}',
      RINGWAY_STORE_PASSWORD: 'store-password',
    })
    expect(secrets).toEqual([pem, secret, 'store-password', 'p%40ss-word', 'p@ss-word'])
  })

  it('reads a store, and takes any name beside a token', () => {
    const environment = { ...least, RINGWAY_STORE: 'oci-layout:./artifacts', RINGWAY_STORE_PASSWORD: 'store-password' }
    expect(readEnvironment(environment).store).toEqual({
      template: 'oci-layout:./artifacts',
      credentials: { username: 'ringway', password: 'store-password' },
    })
  })

  it('takes the public URL without a slash at its end', () => {
    expect(readEnvironment({ ...least, RINGWAY_URL: 'https://ringway.example.com/' }).url).toBe(
      'https://ringway.example.com',
    )
  })

  it('describes each variable for people', () => {
    const poor = Object.entries(environmentVariables).filter(
      ([name, { description, remedy }]) =>
        !/^[A-Z]/.test(description) || !/[.]$/.test(description) || !/[.]$/.test(remedy) || !/^[A-Z_]+$/.test(name),
    )
    expect(poor).toEqual([])
  })
})

function problemsOf(environment: Environment): readonly string[] {
  const { problems } = refusal(environment)
  for (const { variable, remedy, message } of problems) {
    expect(remedy).toBe(environmentVariables[variable].remedy)
    expect(message.startsWith(variable)).toBe(true)
  }
  return problems.map(problem => problem.variable)
}

function refusal(environment: Environment): SettingsInvalid {
  try {
    readEnvironment(environment)
  } catch (error) {
    if (error instanceof SettingsInvalid) return error
    throw error
  }
  throw new Error('expected a refusal')
}
