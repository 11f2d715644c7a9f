import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installTestApp } from '../support/github-app.ts'
import { type HookReceiver, openHookReceiver } from '../support/hook-receiver.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'

const hostile = '<script>alert(1)</script>'
const workflow = `
name: "${hostile}"
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: echo '${hostile}'
`

let github: RehearsedGithub
let receiver: HookReceiver

beforeAll(async () => {
  github = await openRehearsedGithub()
  receiver = await openHookReceiver()
  const { asInstallation } = await installTestApp(github, {
    slug: 'ringway-test',
    permissions: { checks: 'write' },
    events: ['issue_comment'],
    url: receiver.url,
  })
  await github.sandbox.webhooks.settled()
  receiver.received.length = 0
  github.sandbox.webhooks.deliveries.length = 0
  const alice = github.as(github.alice)
  await alice('PUT /repos/acme/shop/environments/production', { reviewers: [{ type: 'User', id: github.bob.id }] })
  await alice('POST /repos/acme/shop/issues', { title: hostile, body: `"'&${hostile}` })
  const app = await asInstallation()
  await app('POST /repos/acme/shop/check-runs', {
    name: 'ring',
    head_sha: github.head,
    conclusion: 'action_required',
    details_url: 'javascript:alert(1)',
    actions: [{ label: 'Approve', description: 'Let it in', identifier: 'approve' }],
  })
  await mkdir(join(github.clone, '.github/workflows'), { recursive: true })
  await writeFile(join(github.clone, '.github/workflows/deploy.yml'), workflow)
  await github.git('add', '-A')
  await github.git('commit', '--quiet', '-m', 'deploy')
  await github.git('push', '--quiet', 'origin', 'main')
  const { runs } = github.sandbox.actions
  await runs.until(() => runs.of(github.repository).find(run => run.attempts[0].status === 'waiting'))
})
afterAll(async () => {
  await github.close()
  await receiver.close()
})

async function read(path: string): Promise<string> {
  const response = await fetch(github.sandbox.url + path)
  expect({ path, status: response.status }).toEqual({ path, status: 200 })
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  const text = await response.text()
  expect(text).not.toContain('<script')
  return text
}

function post(
  path: string,
  form: Record<string, string>,
  origin: string | undefined = github.sandbox.url,
): Promise<Response> {
  return fetch(github.sandbox.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: origin === '' ? {} : { origin },
    body: new URLSearchParams(form),
  })
}

function runPath(): string {
  return `/acme/shop/actions/runs/${github.sandbox.actions.runs.of(github.repository)[0]?.id}`
}

it('shows repositories, runs, issues, checks, deployments and webhooks, with nothing unescaped', async () => {
  expect(await read('/')).toContain('href="/acme/shop"')
  const page = await read('/acme/shop')
  expect(page).toContain('waiting')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).toContain('<h3>production</h3>')
  expect(await read('/acme/shop/issues/1')).toContain('&quot;&#39;&amp;&lt;script&gt;')
  expect(await read('/deliveries')).toContain('No App has been told of anything.')
  expect((await fetch(`${github.sandbox.url}/acme/nowhere`)).status).toBe(404)
  expect((await fetch(`${github.sandbox.url}/acme/shop/issues/99`)).status).toBe(404)
  expect(await (await fetch(`${github.sandbox.url}/style.css`)).text()).toContain('body {')
})

it('lets people comment, and tells Apps', async () => {
  const answer = await post('/acme/shop/issues/1/comments', { as: 'carol', body: '/status' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/acme/shop/issues/1'])
  expect(await read('/acme/shop/issues/1')).toContain('<pre>/status</pre>')
  await github.sandbox.webhooks.settled()
  expect(receiver.received).toHaveLength(1)
  const page = await read('/deliveries')
  expect(page).toContain('issue_comment.created')
  const id = /\/deliveries\/(\d+)\/attempts/.exec(page)?.[1]
  expect((await post(`/deliveries/${id}/attempts`, {})).status).toBe(303)
  await github.sandbox.webhooks.settled()
  expect(receiver.received).toHaveLength(2)
})

it('lets a reviewer approve a waiting environment, and nobody else', async () => {
  const { actions, world } = github.sandbox
  const environment = String(github.repository.environments.get('production')?.id)
  const form = { environment, state: 'approved', comment: 'go' }
  expect(await read(runPath())).toContain('waits for a review by')
  expect((await post(`${runPath()}/review`, { ...form, as: 'alice' })).status).toBe(422)
  expect((await post(`${runPath()}/review`, { ...form, as: 'carol' })).status).toBe(403)
  expect((await post(`${runPath()}/review`, { ...form, as: 'bob' })).status).toBe(303)
  const [run] = actions.runs.of(github.repository)
  if (run === undefined) throw new Error(`no run in ${world.serverUrl}`)
  await actions.runs.completed(run, AbortSignal.timeout(10_000))
  const page = await read(runPath())
  expect(page).toContain('success')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

it("presses a check run's button, and links to no script", async () => {
  const run = github.repository.checkRuns.find(each => each.name === 'ring')
  const path = `/acme/shop/runs/${run?.id}`
  const page = await read(path)
  expect(page).toContain('title="Let it in"')
  expect(page).not.toContain('href="javascript:')
  expect((await post(`${path}/actions`, { as: 'bob', identifier: 'approve' })).status).toBe(303)
  expect((await post(`${path}/actions`, { as: 'carol', identifier: 'approve' })).status).toBe(403)
})

it.each(['', 'http://evil.example', 'null'])('takes no form from another origin: %s', async origin => {
  const answer = await post('/acme/shop/issues/1/comments', { as: 'alice', body: '/promote production' }, origin)
  expect(answer.status).toBe(403)
})
