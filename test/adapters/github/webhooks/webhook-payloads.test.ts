import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { webhookPayloads } from '../../../../src/adapters/github/webhooks/webhook-payloads.ts'
import { createGithubSchema } from '../../../support/github-schema.ts'

const examplesFile = createRequire(import.meta.url).resolve('@octokit/webhooks-examples')
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.unknown()) }))
  .parse(createRequire(import.meta.url)(examplesFile))

const decoders = new Map<string, z.ZodType>(Object.entries(webhookPayloads))

const own = examples
  .filter(({ name }) => decoders.has(name))
  .flatMap(({ name, examples: all }) =>
    all.map((payload, index) => ({ name, index, payload, action: String(Object(payload).action ?? '') })),
  )

describe('decoders of webhooks', () => {
  it.each(own)('read GitHub example $index of $name $action', ({ name, payload }) => {
    const read = decoders.get(name)?.safeParse(payload)
    expect(read?.error?.issues).toBeUndefined()
  })
})

const fixtures = new URL('../../../fixtures/webhooks/', import.meta.url)
const fixture = (name: string): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), 'utf8')))

describe('fixtures of what GitHub gives no example of', () => {
  it.each(readdirSync(fixtures))('%s is what GitHub describes', file => {
    const schema = createGithubSchema()
    const sent = {
      kind: 'webhook',
      event: file.split('.')[0] ?? '',
      payload: fixture(file.replace('.json', '')),
    } as const
    expect(() => schema.observe(sent)).not.toThrow()
  })

  it('a job that waits for us names its run in an address only', () => {
    const payload = fixture('deployment_protection_rule.requested')
    const decode = webhookPayloads.deployment_protection_rule
    expect(decode.parse(payload)).toMatchObject({
      tenant: 35490125,
      repository: { owner: 'terraform-test-github', name: 'sample-app', defaultBranch: 'main' },
      environment: 'production',
      event: 'pull_request',
      run: 5453085689,
      deployment: { environment: 'production', ref: 'sample', app: 'github-actions', payload: {} },
      pulls: [],
    })
    for (const url of [
      'https://evil.test/',
      'https://api.github.com/repos/o/r/actions/runs/x/deployment_protection_rule',
    ]) {
      expect(decode.safeParse({ ...payload, deployment_callback_url: url }).success).toBe(false)
    }
  })

  it('a comment on a pull request is told from one on an issue', () => {
    const payload = fixture('issue_comment.created.on-pull-request')
    expect(webhookPayloads.issue_comment.parse(payload)).toMatchObject({
      action: 'created',
      issue: { number: 1, isPullRequest: true, isOpen: true },
      comment: { body: '/promote staging', author: { login: 'Codertocat', type: 'User' }, app: undefined },
      sender: { login: 'Codertocat' },
    })
    const [onIssue] = examples.find(({ name }) => name === 'issue_comment')?.examples ?? []
    expect(webhookPayloads.issue_comment.parse(onIssue).issue.isPullRequest).toBe(false)
  })

  it('a Deployment keeps whatever its creator wrote into it', () => {
    expect(webhookPayloads.deployment.parse(fixture('deployment.created.with-payload'))).toMatchObject({
      deployment: { environment: 'support-staging', payload: { promotion: 'p1', version: 'v42' } },
    })
  })

  it.each(['approved', 'rejected'])(
    'a review of an environment that %s names the person and the environment',
    action => {
      expect(webhookPayloads.deployment_review.parse(fixture(`deployment_review.${action}`))).toMatchObject({
        action,
        run: { id: 5453085689, status: 'waiting' },
        environments: [expect.any(String)],
        reviewer: { login: 'ilmax', id: 3263338 },
      })
    },
  )
})

describe('what the decoders make of examples', () => {
  const of = (name: keyof typeof webhookPayloads, wanted: (payload: Record<string, unknown>) => boolean): unknown => {
    const found = examples.find(example => example.name === name)?.examples.find(each => wanted(Object(each)))
    return webhookPayloads[name].parse(found)
  }

  it('a push that deletes has nothing after it, one that creates nothing before it', () => {
    expect(of('push', ({ ref }) => ref === 'refs/heads/master')).toMatchObject({
      branch: 'master',
      tag: undefined,
      before: undefined,
      after: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
      repository: { defaultBranch: 'master' },
    })
    expect(of('push', ({ deleted }) => deleted === true)).toMatchObject({ tag: 'simple-tag', after: undefined })
  })

  it('a push tells which paths its commits changed, unless they may not be all', () => {
    const [example] = examples.find(({ name }) => name === 'push')?.examples ?? []
    const pushed = (change: Record<string, unknown>) =>
      webhookPayloads.push.parse({ ...Object(example), forced: false, ...change }).paths
    const commits = [
      { added: ['a'], modified: ['.github/rings.yml'], removed: [] },
      { added: [], modified: ['a'], removed: ['b'] },
    ]
    expect(pushed({ commits })).toEqual(['a', '.github/rings.yml', 'b'])
    expect(pushed({ commits, forced: true })).toBeUndefined()
    expect(pushed({ commits: [] })).toBeUndefined()
    expect(pushed({ commits: Array.from({ length: 2_048 }, () => commits[0]) })).toBeUndefined()
    const huge = { added: Array.from({ length: 3_000 }, (_, index) => `file-${index}`), modified: [], removed: [] }
    expect(pushed({ commits: [huge] })).toBeUndefined()
  })

  it('a pressed button, a renamed and a transferred repository, a changed installation', () => {
    expect(of('check_run', ({ action }) => action === 'requested_action')).toMatchObject({ button: 'lgtm|26764' })
    expect(of('repository', ({ action }) => action === 'renamed')).toMatchObject({ nameBefore: expect.any(String) })
    expect(of('repository', ({ action }) => action === 'transferred')).toMatchObject({
      ownerBefore: expect.any(String),
    })
    expect(of('installation', ({ action }) => action === 'suspend')).toMatchObject({ suspended: true })
    expect(of('installation_repositories', ({ action }) => action === 'added')).toMatchObject({
      added: [{ fullName: expect.stringContaining('/') }],
    })
    expect(of('workflow_run', ({ workflow_run: run }) => Object(run).conclusion === 'success')).toMatchObject({
      run: { status: 'completed', conclusion: 'success' },
    })
  })

  it('no payload, however wrong, makes a decoder throw', () => {
    const wrong = fc.oneof(fc.jsonValue(), fc.constant(undefined))
    fc.assert(
      fc.property(fc.constantFrom(...own), fc.nat(), wrong, ({ name, payload }, place, value) => {
        const broken = replaceAt(payload, place, value)
        expect(typeof decoders.get(name)?.safeParse(broken).success).toBe('boolean')
      }),
      { numRuns: 1_000 },
    )
  })
})

/** The payload with another value at one of its places. */
function replaceAt(payload: unknown, place: number, value: unknown): unknown {
  let places = 0
  JSON.stringify(payload, (_key, each: unknown) => {
    places += 1
    return each
  })
  let at = place % places
  return JSON.parse(
    JSON.stringify(payload, (_key, each: unknown) => {
      at -= 1
      return at === -1 ? value : each
    }) ?? 'null',
  )
}
