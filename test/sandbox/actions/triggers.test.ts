import { afterEach, describe, expect, it } from 'vitest'
import { currentAttempt } from '../../../src/sandbox/actions/runs/workflow-run.ts'
import { readDispatchInputs } from '../../../src/sandbox/actions/workflow/dispatch-inputs.ts'
import { matchesFilter } from '../../../src/sandbox/actions/workflow/filter-pattern.ts'
import { isTriggered, type TriggerFacts } from '../../../src/sandbox/actions/workflow/trigger-match.ts'
import { readWorkflowFile } from '../../../src/sandbox/actions/workflow/workflow-file.ts'
import { addRepository } from '../../../src/sandbox/world/add-repository.ts'
import { mintJobToken } from '../../../src/sandbox/world/mint-token.ts'
import type { Repository } from '../../../src/sandbox/world/repository.ts'
import { openRehearsal, printed, type Rehearsal } from './rehearsal.ts'

const open: Rehearsal[] = []

async function rehearse(): Promise<Rehearsal> {
  const rehearsal = await openRehearsal()
  open.push(rehearsal)
  return rehearsal
}

afterEach(async () => {
  for (const rehearsal of open.splice(0)) await rehearsal.close()
})

function openPull(
  { repository, alice }: Rehearsal,
  pull: { number: number; headSha: string; baseSha: string; head: Repository },
): void {
  const now = new Date()
  repository.issues.set(pull.number, {
    id: 1,
    number: pull.number,
    repository,
    title: 'Add a',
    body: null,
    state: 'open',
    user: alice,
    app: null,
    labels: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    comments: [],
    reactions: [],
    pull: {
      id: 2,
      headRepository: pull.head,
      headRef: 'topic',
      headSha: pull.headSha,
      baseRef: 'main',
      baseSha: pull.baseSha,
      draft: false,
      mergedAt: null,
      mergedBy: null,
      mergeCommitSha: null,
      reviews: [],
    },
  })
}

const JOBS = "jobs: { one: { runs-on: ubuntu-latest, steps: [ { run: 'true' } ] } }"
const PATH = '.github/workflows/ci.yml'

describe('filter patterns', () => {
  it.each([
    { patterns: ['main'], name: 'main', matches: true },
    { patterns: ['main'], name: 'mainly', matches: false },
    { patterns: ['releases/*'], name: 'releases/1', matches: true },
    { patterns: ['releases/*'], name: 'releases/1/2', matches: false },
    { patterns: ['releases/**'], name: 'releases/1/2', matches: true },
    { patterns: ['**/docs/*.md'], name: 'docs/a.md', matches: true },
    { patterns: ['**/docs/*.md'], name: 'x/y/docs/a.md', matches: true },
    { patterns: ['v[12].[0-9]+.[0-9]+'], name: 'v2.10.3', matches: true },
    { patterns: ['v[12].[0-9]+.[0-9]+'], name: 'v3.1.1', matches: false },
    { patterns: ['*.jsx?'], name: 'page.js', matches: true },
    { patterns: ['**', '!docs/**'], name: 'docs/a', matches: false },
    { patterns: ['**', '!docs/**', 'docs/keep'], name: 'docs/keep', matches: true },
    { patterns: ['a.b'], name: 'axb', matches: false },
  ])('$patterns on $name: $matches', ({ patterns, name, matches }) => {
    expect(matchesFilter(patterns, name)).toBe(matches)
  })
})

describe('`on:`', () => {
  const paths =
    (...changed: string[]) =>
    async () =>
      changed
  const cases: { on: string; facts: TriggerFacts; starts: boolean }[] = [
    { on: 'push', facts: { event: 'push', branch: 'x' }, starts: true },
    { on: '[pull_request, push]', facts: { event: 'push', tag: 'v1' }, starts: true },
    { on: 'push', facts: { event: 'pull_request', action: 'opened', branch: 'main' }, starts: false },
    { on: '{ push: { branches: [main] } }', facts: { event: 'push', branch: 'main' }, starts: true },
    { on: '{ push: { branches: [main] } }', facts: { event: 'push', branch: 'other' }, starts: false },
    { on: '{ push: { branches: [main] } }', facts: { event: 'push', tag: 'v1' }, starts: false },
    { on: '{ push: { branches-ignore: [main] } }', facts: { event: 'push', branch: 'other' }, starts: true },
    { on: '{ push: { tags: ["v*"] } }', facts: { event: 'push', tag: 'v1' }, starts: true },
    { on: '{ push: { tags: ["v*"] } }', facts: { event: 'push', branch: 'main' }, starts: false },
    {
      on: '{ push: { paths: ["src/**"] } }',
      facts: { event: 'push', branch: 'm', changedPaths: paths('a', 'src/b') },
      starts: true,
    },
    {
      on: '{ push: { paths: ["src/**"] } }',
      facts: { event: 'push', branch: 'm', changedPaths: paths('a') },
      starts: false,
    },
    {
      on: '{ push: { paths-ignore: ["docs/**"] } }',
      facts: { event: 'push', branch: 'm', changedPaths: paths('docs/a') },
      starts: false,
    },
    { on: 'pull_request', facts: { event: 'pull_request', action: 'synchronize', branch: 'main' }, starts: true },
    { on: 'pull_request', facts: { event: 'pull_request', action: 'closed', branch: 'main' }, starts: false },
    {
      on: '{ pull_request: { types: [closed] } }',
      facts: { event: 'pull_request', action: 'closed', branch: 'main' },
      starts: true,
    },
    {
      on: '{ pull_request: { branches: [main] } }',
      facts: { event: 'pull_request', action: 'opened', branch: 'next' },
      starts: false,
    },
    {
      on: '{ repository_dispatch: { types: [go] } }',
      facts: { event: 'repository_dispatch', action: 'stop' },
      starts: false,
    },
  ]
  it.each(cases)('$on with $facts starts: $starts', async ({ on, facts, starts }) => {
    const file = await readWorkflowFile(PATH, `on: ${on}\n${JOBS}`)
    expect(file.problems).toEqual([])
    expect(await isTriggered(file, facts)).toBe(starts)
  })
})

describe('inputs of a dispatch', () => {
  const INPUTS = `on: { workflow_dispatch: { inputs: {
    command: { type: choice, options: [deploy, rollback], default: deploy },
    where: { type: environment, required: true },
    dry: { type: boolean },
    count: { type: number, default: 2 },
    note: { type: string } } } }\n${JOBS}`
  it.each([
    { given: { where: 'dev' }, values: { command: 'deploy', where: 'dev', dry: false, count: 2, note: '' } },
    {
      given: { where: 'dev', command: 'rollback', dry: true, note: 'x' },
      values: { command: 'rollback', where: 'dev', dry: true, count: 2, note: 'x' },
    },
    {
      given: { where: 'dev', dry: 'true', count: '7' },
      values: { command: 'deploy', where: 'dev', dry: true, count: 7, note: '' },
    },
  ])('$given become $values', async ({ given, values }) => {
    expect(readDispatchInputs(await readWorkflowFile(PATH, INPUTS), given)).toMatchObject({ kind: 'valid', values })
  })
  it.each([
    { given: {}, message: "Required input 'where' not provided" },
    {
      given: { where: 'dev', command: 'destroy' },
      message: "Provided value 'destroy' for input 'command' not in the list of allowed values",
    },
    { given: { where: 'dev', dry: 'maybe' }, message: "Provided value 'maybe' for input 'dry' is not a boolean" },
    { given: { where: 'dev', other: 1 }, message: 'Unexpected inputs provided: ["other"]' },
  ])('$given are refused: $message', async ({ given, message }) => {
    expect(readDispatchInputs(await readWorkflowFile(PATH, INPUTS), given)).toEqual({ kind: 'refused', message })
  })
})

describe('the API starts runs', () => {
  const DISPATCHED = `
name: Deploy
run-name: "\${{ inputs.command }} to \${{ inputs.where }}"
on: { workflow_dispatch: { inputs: { command: { default: deploy }, where: { type: environment, required: true }, dry: { type: boolean } } }, repository_dispatch: { types: [go] } }
jobs: { one: { runs-on: ubuntu-latest, steps: [ { run: 'echo "\${{ github.event_name }} \${{ inputs.where }} \${{ inputs.dry == false }} \${{ github.event.client_payload.x }} \${{ github.event.inputs.dry }}"' } ] } }
`
  it('by workflow_dispatch, with typed inputs, a run-name and the details of the run', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ [PATH]: DISPATCHED })
    const answer = await rehearsal.api('POST', '/actions/workflows/ci.yml/dispatches', {
      body: { ref: 'main', inputs: { where: 'dev' }, return_run_details: true },
    })
    const run = await rehearsal.finished()
    const url = `${rehearsal.world.apiUrl}/repos/acme/shop/actions/runs/${run.id}`
    expect(answer).toEqual({
      status: 200,
      body: {
        workflow_run_id: run.id,
        run_url: url,
        html_url: `${rehearsal.world.serverUrl}/acme/shop/actions/runs/${run.id}`,
      },
    })
    expect(printed(rehearsal, run)).toContain('workflow_dispatch dev true  false')
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}`)).toMatchObject({
      body: {
        display_title: 'deploy to dev',
        event: 'workflow_dispatch',
        status: 'completed',
        conclusion: 'success',
        head_branch: 'main',
        actor: { login: 'alice' },
      },
    })
  })

  it('refuses what GitHub refuses', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ [PATH]: DISPATCHED, '.github/workflows/other.yml': `on: push\n${JOBS}` })
    const dispatch = (file: string, body: unknown, token?: string) =>
      rehearsal.api('POST', `/actions/workflows/${file}/dispatches`, {
        body,
        ...(token === undefined ? {} : { token }),
      })
    expect(await dispatch('none.yml', { ref: 'main' })).toMatchObject({ status: 404 })
    expect(await dispatch('ci.yml', { ref: 'gone', inputs: { where: 'dev' } })).toMatchObject({
      status: 422,
      body: { message: 'No ref found for: gone' },
    })
    expect(await dispatch('ci.yml', { ref: 'main' })).toMatchObject({
      status: 422,
      body: { message: "Required input 'where' not provided" },
    })
    expect(await dispatch('other.yml', { ref: 'main' })).toMatchObject({
      status: 422,
      body: { message: "Workflow does not have 'workflow_dispatch' trigger" },
    })
    const token = mintJobToken(rehearsal.world, {
      repository: rehearsal.repository,
      permissions: { actions: 'read' },
      runId: 1,
      jobId: 1,
      triggeredBy: rehearsal.alice,
      expiresAt: new Date(Date.now() + 60_000),
    })
    expect(await dispatch('ci.yml', { ref: 'main', inputs: { where: 'dev' } }, token.value)).toMatchObject({
      status: 403,
    })
  })

  it('by repository_dispatch, also with the token of a job', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ [PATH]: DISPATCHED })
    const { repository, world, alice } = rehearsal
    const token = mintJobToken(world, {
      repository,
      permissions: { contents: 'write' },
      runId: 1,
      jobId: 1,
      triggeredBy: alice,
      expiresAt: new Date(Date.now() + 60_000),
    })
    const body = { event_type: 'go', client_payload: { x: 'payload' } }
    expect(await rehearsal.api('POST', '/dispatches', { body, token: token.value })).toMatchObject({ status: 204 })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run).join()).toContain('repository_dispatch')
    expect(printed(rehearsal, run).join()).toContain('payload')
    expect(await rehearsal.api('POST', '/dispatches', { body: { event_type: 'stop' } })).toMatchObject({ status: 204 })
    await rehearsal.actions.runs.settled()
    expect(rehearsal.actions.runs.of(repository)).toHaveLength(1)
  })
})

describe('an event', () => {
  it('made with the token of a job starts no run, nor does a commit that says so', async () => {
    const rehearsal = await rehearse()
    const { repository, world, alice } = rehearsal
    await rehearsal.push({ [PATH]: `on: push\n${JOBS}` }, { message: 'quiet [skip ci]' })
    const after = await repository.git.commitOf('main')
    const body = { ref: 'refs/heads/main', before: '0'.repeat(40), after, deleted: false }
    world.emit({ name: 'push', action: null, repository, sender: alice, byJobToken: true, body })
    await rehearsal.actions.runs.settled()
    expect(rehearsal.actions.runs.of(repository)).toEqual([])
  })

  it('runs the workflow file of the pushed commit, whatever the default branch has', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ 'README.md': 'hello' })
    await rehearsal.push({ [PATH]: `on: push\n${JOBS}` }, { branch: 'topic' })
    const run = await rehearsal.finished()
    expect(run.trigger).toMatchObject({ ref: 'refs/heads/topic', headBranch: 'topic' })
    expect(await rehearsal.api('GET', '/actions/runs?branch=main')).toMatchObject({ body: { total_count: 0 } })
  })

  it('of a pull request runs the merge with its base, and shows the head', async () => {
    const rehearsal = await rehearse()
    const { repository, world, alice } = rehearsal
    const show = 'steps: [ { run: \'echo "$GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF"\' } ]'
    await rehearsal.push({ [PATH]: `on: pull_request\njobs: { one: { runs-on: ubuntu-latest, ${show} } }` })
    const headSha = await rehearsal.push({ a: '1' }, { branch: 'topic' })
    const baseSha = (await repository.git.commitOf('main')) ?? ''
    openPull(rehearsal, { number: 3, headSha, baseSha, head: repository })
    const body = { number: 3, pull_request: { number: 3 } }
    world.emit({ name: 'pull_request', action: 'opened', repository, sender: alice, byJobToken: false, body })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run)).toContain('refs/pull/3/merge topic main')
    expect(run.displayTitle).toBe('Add a')
    expect(await repository.git.commitOf('refs/pull/3/merge')).toBe(run.trigger.sha)
    expect((await repository.git.commit(run.trigger.sha)).parents).toEqual([baseSha, headSha])
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}`)).toMatchObject({
      body: { head_sha: headSha, head_branch: 'topic', pull_requests: [{ number: 3 }] },
    })
    world.emit({ name: 'pull_request', action: 'labeled', repository, sender: alice, byJobToken: false, body })
    await rehearsal.actions.runs.settled()
    expect(rehearsal.actions.runs.of(repository)).toHaveLength(1)
    expect(currentAttempt(run).conclusion).toBe('success')
  })

  it('of a pull request from a fork sees no secrets, and its token may only read', async () => {
    const rehearsal = await rehearse()
    const { repository, world, bob } = rehearsal
    const now = new Date()
    repository.secrets.set('KEY', { name: 'KEY', value: 'fork-must-not-see', createdAt: now, updatedAt: now })
    const deploy = `curl -s -o /dev/null -w '%{http_code}' -X POST -H "authorization: Bearer \${{ github.token }}" -H 'content-type: application/json' -d '{"event_type":"x"}' $GITHUB_API_URL/repos/acme/shop/dispatches; echo`
    await rehearsal.push({
      [PATH]: `on: pull_request
permissions: { contents: write, id-token: write }
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: echo "[\${{ secrets.KEY }}][$ACTIONS_ID_TOKEN_REQUEST_URL]"
      - run: |
          ${deploy}
`,
    })
    const headSha = await rehearsal.push({ a: '1' }, { branch: 'topic' })
    const baseSha = (await repository.git.commitOf('main')) ?? ''
    const head = addRepository(world, {
      owner: bob,
      name: 'shop',
      git: repository.git,
      defaultBranch: 'main',
      parent: repository,
    })
    openPull(rehearsal, { number: 4, headSha, baseSha, head })
    const body = { number: 4, pull_request: { number: 4 } }
    world.emit({ name: 'pull_request', action: 'opened', repository, sender: bob, byJobToken: false, body })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run)).toEqual(['[][]', '403'])
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}`)).toMatchObject({ body: { pull_requests: [] } })
  })
})
