import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCommandTarget } from '../../../src/adapters/command/command-target.ts'
import { createCheckRunner } from '../../../src/adapters/command/ring-checks.ts'
import type { CommandTarget } from '../../../src/domain/ring.ts'
import { durationMs, sha256Digest } from '../../../src/domain/units.ts'
import type { Placement } from '../../../src/ports/target.ts'

let directory = ''
const printed: string[] = []
const digest = sha256Digest(`sha256:${'a'.repeat(64)}`)

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ringway-test-'))
  printed.length = 0
})
afterEach(() => rm(directory, { recursive: true }))

const placement = (): Placement => ({
  directory,
  manifest: {
    schemaVersion: 1,
    solution: 'support',
    components: [],
    files: [],
    layers: [],
    config: { repository: {}, solution: {}, rings: {} },
    locks: [],
    plan: { order: [] },
  },
  solution: 'support',
  ring: 'dev',
  environment: 'dev',
  deployment: 7,
  version: 'v2',
  digest,
  previous: { version: 'v1', digest },
  configuration: { LOG_LEVEL: 'debug', QUOTED: `'; touch ${directory}/escaped; '` },
  deadline: durationMs(10_000),
})
const target = (run: string, more: Partial<CommandTarget> = {}): CommandTarget => ({ kind: 'command', run, ...more })
const driver = (environment: Record<string, string> = {}, signal?: AbortSignal) =>
  createCommandTarget({
    environment: { PATH: process.env['PATH'], ...environment },
    onLine: line => printed.push(line),
    signal,
  })

/** An ended process that nobody has waited for yet is not running. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return !/\) Z/.test(stat)
}

describe('the command target', () => {
  it('gives the command the parameters of the promotion as environment variables, and no other', async () => {
    const given: Placement = { ...placement(), parameters: { 'dry-run': 'no', Region: 'eu-1' } }
    await driver().place(target('env | grep ^RINGWAY_PARAMETER_ | sort'), given)
    expect(printed).toEqual(['RINGWAY_PARAMETER_DRY_RUN=no', 'RINGWAY_PARAMETER_REGION=eu-1'])
  })

  it('[M10] gives the command what is placed, and takes its URL', async () => {
    const line =
      'echo "$RINGWAY_COMMAND $RINGWAY_VERSION over $RINGWAY_PREVIOUS_VERSION in $RINGWAY_RING $PWD"; echo url=http://127.0.0.1:1/v2 >> "$RINGWAY_OUTPUT"'
    expect(await driver().place(target(line), placement())).toEqual({ kind: 'done', url: 'http://127.0.0.1:1/v2' })
    expect(printed).toEqual([`deploy v2 over v1 in dev ${directory}`])
  })

  it('gives configuration and manifest as files, so that no value meets a shell', async () => {
    const line = 'cp "$RINGWAY_CONFIG" config.json; cp "$RINGWAY_MANIFEST" manifest.json'
    expect(await driver().place(target(line), placement())).toEqual({ kind: 'done' })
    expect(JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'))).toEqual(placement().configuration)
    expect(JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'))).toMatchObject({ solution: 'support' })
    expect(await readdir(directory)).not.toContain('escaped')
  })

  it('hides the inputs of the Action, which hold its token', async () => {
    await driver({ INPUT_TOKEN: 'ghs_secret', STATE_x: '1', KEPT: 'yes' }).place(target('env | sort'), placement())
    expect(printed.join('\n')).not.toContain('ghs_secret')
    expect(printed).toContain('KEPT=yes')
  })

  it('says how the command failed and keeps its last lines', async () => {
    const outcome = await driver().place(target('for i in $(seq 100); do echo line $i; done; exit 3'), placement())
    expect(outcome).toMatchObject({ kind: 'failed', words: expect.stringContaining('(deploy) ended with exit code 3') })
    expect(outcome.kind === 'failed' && outcome.evidence.split('\n')).toHaveLength(40)
    expect(outcome.kind === 'failed' && outcome.evidence).toMatch(/line 100$/)
  })

  it('ends the whole group at the deadline', async () => {
    const outcome = await driver().place(target('sleep 60 & echo $! > child; wait'), {
      ...placement(),
      deadline: durationMs(300),
    })
    expect(outcome).toMatchObject({ kind: 'failed', words: expect.stringContaining('was stopped') })
    const child = Number(await readFile(join(directory, 'child'), 'utf8'))
    await expect.poll(() => isRunning(child)).toBe(false)
  })

  it('stops when the job is cancelled', async () => {
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 100)
    const outcome = await driver({}, cancel.signal).place(target('sleep 60'), placement())
    expect(outcome).toMatchObject({ kind: 'failed', words: expect.stringContaining('job was cancelled') })
  })

  it.each(['javascript:alert(1)', 'not a url', 'file:///etc/passwd'])('refuses the url %s', async url => {
    const outcome = await driver().place(target(`echo 'url=${url}' >> "$RINGWAY_OUTPUT"`), placement())
    expect(outcome).toMatchObject({ kind: 'failed', words: expect.stringContaining('no http or https URL') })
  })

  it.each([
    { verb: 'activate', call: 'activate', lines: { activate: 'echo a:$RINGWAY_COMMAND' }, printed: ['a:activate'] },
    { verb: 'activate without a line', call: 'activate', lines: {}, printed: [] },
    { verb: 'rollback', call: 'restore', lines: { rollback: 'echo r:$RINGWAY_COMMAND' }, printed: ['r:rollback'] },
    { verb: 'rollback without a line', call: 'restore', lines: {}, printed: ['run:rollback'] },
    { verb: 'undeploy', call: 'remove', lines: { rollback: 'echo r:$RINGWAY_COMMAND' }, printed: ['r:undeploy'] },
    { verb: 'undeploy without a line', call: 'remove', lines: {}, printed: [] },
  ] as const)('$verb', async ({ call, lines, printed: expected }) => {
    const outcome = await driver()[call](target('echo run:$RINGWAY_COMMAND', lines), placement())
    expect(outcome).toEqual({ kind: 'done' })
    expect(printed).toEqual(expected)
  })
})

describe('a check by command', () => {
  const runner = () =>
    createCheckRunner({ environment: { PATH: process.env['PATH'] }, onLine: line => printed.push(line) })

  it('runs in the artifact and knows the URL of the version', async () => {
    const check = {
      kind: 'run',
      run: 'test "$RINGWAY_URL" = http://x/v2 && pwd',
      within: durationMs(5_000),
      retries: 0,
    } as const
    const outcome = await runner().run(check, { placement: placement(), url: 'http://x/v2' })
    expect(outcome).toMatchObject({ kind: 'passed', evidence: directory, attempts: 1 })
  })

  it('keeps the last lines of a failed one', async () => {
    const check = { kind: 'run', run: 'echo 1 of 3 failed; false', within: durationMs(5_000), retries: 0 } as const
    expect(await runner().run(check, { placement: placement(), url: undefined })).toMatchObject({
      kind: 'failed',
      evidence: '1 of 3 failed',
      words: '`echo 1 of 3 failed; false` ended with exit code 1',
    })
  })

  it('is run again as often as it may be, inside its one deadline', async () => {
    const line = 'echo x >> tries; test $(wc -l < tries) = 3'
    const check = (retries: number) => ({ kind: 'run', run: line, within: durationMs(5_000), retries }) as const
    const place = { placement: placement(), url: undefined }
    expect(await runner().run(check(1), place)).toMatchObject({ kind: 'failed', attempts: 2 })
    expect(await runner().run(check(1), place)).toMatchObject({ kind: 'passed', attempts: 1 })
  })

  it('is not run again after its deadline', async () => {
    const check = { kind: 'run', run: 'echo x >> tries; sleep 5', within: durationMs(200), retries: 5 } as const
    expect(await runner().run(check, { placement: placement(), url: undefined })).toMatchObject({
      kind: 'failed',
      attempts: 1,
    })
  })

  it('cannot ask a path when the target named no URL', async () => {
    const check = { kind: 'http', url: '/healthz', expect: 200, within: durationMs(100) } as const
    expect(await runner().run(check, { placement: placement(), url: undefined })).toMatchObject({
      kind: 'errored',
      words: expect.stringContaining('url=… to $RINGWAY_OUTPUT'),
    })
  })
})
