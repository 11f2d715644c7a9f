import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InputName } from '../../action/inputs.ts'
import type { Observer } from '../../src/sandbox/api/observation.ts'
import { probe, probePath, probeWorkflow } from '../support/probe-workflow.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench
const writes: string[] = []
const observe: Observer = observation => {
  if (observation.kind === 'api' && observation.method !== 'GET') writes.push(observation.template)
}
/** What the person who starts a run writes. */
const started = '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'

beforeAll(async () => {
  bench = await openWorkbench({
    solutions: {
      shop: [
        { name: 'dev', lines: ['deploy-on: push'] },
        { name: 'staging', lines: ['after: dev'] },
      ],
    },
    files: { [probePath]: probeWorkflow },
    observe,
  })
  await bench.push({})
  await bench.push({ 'shop/app.txt': 'two\n' })
})
afterAll(() => bench.close())

const nonsense: readonly {
  readonly inputs: Readonly<Partial<Record<InputName, string>>>
  readonly code: string
  readonly names: string
}[] = [
  { inputs: { command: 'destroy' }, code: 'input_invalid', names: '`command`' },
  { inputs: { command: 'Deploy' }, code: 'input_invalid', names: '`command`' },
  { inputs: { command: '$(id)' }, code: 'input_invalid', names: '`command`' },
  { inputs: { command: 'deploy', environment: 'dev', artifact: 'latest' }, code: 'input_invalid', names: '`artifact`' },
  { inputs: { command: 'deploy', environment: 'dev', artifact: 'v0' }, code: 'input_invalid', names: '`artifact`' },
  { inputs: { command: 'deploy', environment: 'dev', artifact: 'v1\nv2' }, code: 'input_invalid', names: '`artifact`' },
  {
    inputs: { command: 'deploy', environment: 'dev', artifact: 'sha256:ABC' },
    code: 'input_invalid',
    names: '`artifact`',
  },
  { inputs: { command: 'deploy', environment: 'dev', deployment: '-1' }, code: 'input_invalid', names: '`deployment`' },
  {
    inputs: { command: 'deploy', environment: 'dev', deployment: '1e9' },
    code: 'input_invalid',
    names: '`deployment`',
  },
  { inputs: { command: 'deploy', environment: 'dev', promotion: '<b>' }, code: 'input_invalid', names: '`promotion`' },
  { inputs: { command: 'deploy', environment: 'dev', 'dry-run': 'yes' }, code: 'input_invalid', names: '`dry-run`' },
  { inputs: { command: 'deploy' }, code: 'unknown_ring', names: '""' },
  { inputs: { command: 'rollback', environment: '../dev' }, code: 'unknown_ring', names: '../dev' },
  { inputs: { command: 'promote', environment: 'nowhere' }, code: 'unknown_ring', names: 'nowhere' },
  { inputs: { command: 'verify', environment: 'dev', artifact: 'v99' }, code: 'unknown_version', names: 'v99' },
  { inputs: { command: 'status', 'ring-file': '../../etc/passwd' }, code: 'ring_file_missing', names: 'etc/passwd' },
  { inputs: { command: 'status', store: 'ftp://example.org/x' }, code: 'input_invalid', names: 'ftp://example.org/x' },
  { inputs: { command: 'status', token: 'not-a-token' }, code: 'github_denied', names: '401' },
  {
    inputs: { command: 'status', 'app-url': 'http://ringway.example' },
    code: 'input_invalid',
    names: 'app-url',
  },
  { inputs: { command: 'incident' }, code: 'feature_not_available', names: 'incident' },
  { inputs: { command: 'build' }, code: 'ring_file_missing', names: '.github/rings.yml' },
]

describe('an input that is nonsense', () => {
  it.each(nonsense)('$inputs is answered with $code', async ({ inputs, code, names }) => {
    writes.length = 0
    const { run, outputs, result } = await probe(bench, inputs)
    expect(jobOf(run).conclusion).toBe('failure')
    expect(outputs).toMatchObject({ decision: result.decision, 'reason-code': result.reason_code })
    expect(result).toMatchObject({ schema_version: 1, reason_code: code, remedy: expect.stringMatching(/\w/) })
    expect(result.message).toContain(names)
    expect(jobOf(run).annotations.some(one => one.message.includes(names))).toBe(true)
    expect(jobOf(run).summary).toContain(code)
    expect(writes).toEqual([started])
  })
})

describe('dry-run', () => {
  it.each([
    { command: 'deploy', environment: 'dev', artifact: 'v1', says: 'v1 would enter dev now, over v2' },
    { command: 'promote', environment: 'staging', artifact: 'v2', says: 'v2' },
    { command: 'rollback', environment: 'dev', says: 'dev would go back from v2 to v1' },
  ])('of $command decides, says and changes nothing', async ({ says, ...inputs }) => {
    writes.length = 0
    const calls = bench.machine.calls.length
    const { run, result } = await probe(bench, { ...inputs, 'dry-run': 'true' })
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'nothing', reason: 'dry_run' })
    expect(result.message).toContain(says)
    expect(writes).toEqual([started])
    expect(bench.machine.calls).toHaveLength(calls)
  })
})

describe('the other commands', () => {
  it('[M10] promote opens the promotion of a ring, which a run of its own carries out', async () => {
    const { outputs, result } = await probe(bench, { command: 'promote', environment: 'staging', artifact: 'v2' })
    expect(result).toMatchObject({ decision: 'done', reason_code: 'ok', version: 'v2', ring: 'staging' })
    expect(outputs).toMatchObject({ version: 'v2', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) })
    expect([bench.pointer('staging'), bench.machine.serving('staging')]).toEqual(['v2', 'two'])
    const again = await probe(bench, { command: 'promote', environment: 'staging', artifact: 'v2' })
    expect(again.result).toMatchObject({ decision: 'nothing', reason_code: 'already_active' })
    expect(bench.deployments('staging')).toHaveLength(1)
  })

  it('status tells what every ring points to', async () => {
    const { run, result } = await probe(bench, { command: 'status' })
    expect(result.rings?.map(one => [one.solution, one.ring, one.version, one.state])).toEqual([
      ['shop', 'dev', 'v2', 'active'],
      ['shop', 'staging', 'v2', 'active'],
    ])
    expect(jobOf(run).summary).toContain('| shop | dev | v2 | v2 | active |')
  })

  it('[A1] verify proves a version from the store', async () => {
    const { result } = await probe(bench, { command: 'verify', environment: 'dev', artifact: 'v1' })
    expect(result).toMatchObject({ decision: 'done', version: 'v1', solution: 'shop' })
    expect(result.message).toContain('2 files')
  })
})

describe('text of strangers', () => {
  const marker = '::add-mask::exit code'
  const hostile = [
    marker,
    '::error file=owned.txt::owned',
    '##[error]owned',
    '<script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '${{ github.token }}',
    '`id`',
    '$(touch owned)',
  ].join('\n')

  it('bad input F103 that a command prints is no command to the runner, and inert in the summary', async () => {
    await bench.push({ 'shop/app.txt': `${hostile}\n` }, `fix: $(touch owned) \`id\`\n\n${hostile}`)
    bench.machine.rule(call => (call.verb === 'check' ? 'fail' : 'ok'))
    const run = await bench.run({ environment: 'dev', artifact: 'v3' })
    bench.machine.rule()
    const { annotations, summary, log } = jobOf(run)
    expect(annotations.filter(one => one.path === 'owned.txt' || one.message === 'owned')).toEqual([])
    expect(summary).toContain('```')
    expect(outsideOfBlocks(summary)).not.toMatch(/<script|javascript:/)
    // Nothing was masked, because the line that asks for it was no command.
    expect(log.text()).toContain('ended with exit code')
    expect(log.text()).not.toMatch(/^\S+Z\s*::error file=owned/m)
  })

  it('bad input F103 that a person gives as the reason stands in words only', async () => {
    const { run, result } = await probe(bench, {
      command: 'rollback',
      environment: 'dev',
      artifact: 'v1',
      reason: hostile,
    })
    expect(result).toMatchObject({ decision: 'done', state: 'active' })
    expect(jobOf(run).annotations.filter(one => one.path === 'owned.txt')).toEqual([])
    expect(outsideOfBlocks(jobOf(run).summary)).not.toMatch(/<script|\]\(javascript:/)
    const bad = bench
      .deployments('dev')
      .find(one => one.state === 'rolled_back' && one.reason === 'rolled_back_by_person')
    expect(bad?.words.length).toBeLessThanOrEqual(140)
  })

  it('bad input F103 in the name of a branch and the title of a pull request reaches no shell', async () => {
    const branch = 'fix/$(touch${IFS}owned);`id`-<img>'
    await bench.git('checkout', '--quiet', '-b', branch)
    await bench.commit({ 'shop/app.txt': 'from a branch\n' })
    await bench.git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`)
    const { status } = await bench.api(bench.bob, 'POST /pulls', { title: hostile, head: branch, base: 'main' })
    expect(status).toBe(201)
    await bench.quiet()
    const run = bench.runs.of(bench.repository).find(one => one.trigger.event === 'pull_request')
    if (run === undefined) throw new Error('the pull request started no run')
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done' })
    expect(jobOf(run).summary).not.toContain('<img>')
    const everything = await readdir(dirname(bench.clone), { recursive: true })
    expect(everything.filter(path => basename(path).startsWith('owned'))).toEqual([])
  })
})

/** A summary without its fenced blocks, in which everything is shown as it is. */
function outsideOfBlocks(summary: string): string {
  return summary.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
}
