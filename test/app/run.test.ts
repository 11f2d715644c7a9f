import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installTestApp } from '../support/github-app.ts'
import { listen } from '../support/listening.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

const root = join(import.meta.dirname, '..', '..')
const secret = 'the-secret-in-force-of-34-bytes-00'

/** The App as a process of its own, with nothing of this process's environment but the path. */
interface AppProcess {
  readonly child: ChildProcess
  /** Standard error: for people. */
  readonly words: () => string
  /** Standard output: one object a line. */
  readonly log: () => Record<string, unknown>[]
  readonly ended: Promise<unknown>
}

function startApp(environment: Readonly<Record<string, string>>): AppProcess {
  const child = spawn(process.execPath, [join(root, 'app/main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, words] = ['', '']
  child.stdout.on('data', chunk => {
    out += String(chunk)
  })
  child.stderr.on('data', chunk => {
    words += String(chunk)
  })
  const lines = (): string[] => out.split('\n').slice(0, -1)
  return {
    child,
    words: () => words,
    log: () => lines().map(line => JSON.parse(line)),
    ended: once(child, 'close').then(([code]: unknown[]) => code),
  }
}

describe('an App that cannot start', () => {
  it('says everything that is wrong with its environment, and exits with 2', async () => {
    const app = startApp({ WEBHOOK_SECRET: 'development', PORT: 'http' })
    expect(await app.ended).toBe(2)
    expect(app.words()).toMatch(/^The App cannot start: 4 of its environment variables need you\.\n/)
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'WEBHOOK_SECRET', 'PORT'])
      expect(app.words()).toContain(`\n  ${name} `)
    expect(app.words()).toContain('openssl rand -hex 32')
    expect(app.words()).not.toContain('    at ')
  })
})

describe('an App with a GitHub and its own database', () => {
  let github: RehearsedGithub
  let directory = ''
  let environment: Record<string, string> = {}
  beforeAll(async () => {
    github = await openRehearsedGithub()
    directory = await mkdtemp(join(tmpdir(), 'ringway-app-'))
    // As root, the database runs as another user.
    await chmod(directory, 0o755)
    const port = await freePort()
    const { app, privateKey } = await installTestApp(github, {
      slug: 'ringway',
      permissions: { metadata: 'read', issues: 'write' },
      events: ['issue_comment', 'issues'],
      url: `http://127.0.0.1:${port}/webhooks`,
      secret,
    })
    environment = {
      APP_ID: String(app.id),
      PRIVATE_KEY: Buffer.from(privateKey).toString('base64'),
      WEBHOOK_SECRET: secret,
      GITHUB_API_URL: github.sandbox.apiUrl,
      PORT: String(port),
      RINGWAY_DATA: join(directory, 'data'),
    }
  })
  afterAll(async () => {
    await github.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('takes what GitHub sends, says that it is ready, and ends well when asked to', async () => {
    const app = startApp(environment)
    const url = `http://127.0.0.1:${environment['PORT']}`
    try {
      await expect.poll(app.words, { timeout: 20_000 }).toContain('artifacts')
      expect(app.words()).toContain(`listens on  ${url}`)
      expect(app.words()).toContain(`GitHub      ${github.sandbox.url} as ringway`)
      expect(app.words()).toContain(`database    its own, in ${directory}/data`)
      const ready = await fetch(`${url}/readyz`)
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])

      const opened = await github.as(github.alice)('POST /repos/acme/shop/issues', { title: 'hello' })
      expect(opened.status).toBe(201)
      // When the App was installed, nobody listened yet.
      const issues = (): unknown[] => github.sandbox.webhooks.deliveries.filter(({ event }) => event === 'issues')
      const stored = { kind: 'answered', status: 202, body: '{"delivery":"stored"}' }
      await expect.poll(issues).toMatchObject([{ outcome: stored }])

      const second = startApp(environment)
      expect(await second.ended).toBe(1)
      expect(second.words()).toContain('EADDRINUSE')
      expect(second.words()).toContain('set PORT')
    } finally {
      app.child.kill('SIGTERM')
    }
    expect(await app.ended).toBe(0)
    expect(app.log().filter(line => line['level'] !== 'info')).toEqual([])
    expect(JSON.stringify(app.log()) + app.words()).not.toContain(secret)
  })

  it('that GitHub does not accept starts all the same, says so, and is not ready', async () => {
    const app = startApp({ ...environment, APP_ID: '999999' })
    try {
      await expect.poll(app.words, { timeout: 20_000 }).toContain('which did not accept the App')
      const ready = await fetch(`http://127.0.0.1:${environment['PORT']}/readyz`)
      expect(await ready.json()).toMatchObject({ code: 'not_ready', missing: [{ name: 'GitHub' }] })
    } finally {
      app.child.kill('SIGINT')
    }
    expect(await app.ended).toBe(0)
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  server.close()
  return port
}
