import { afterEach, describe, expect, it } from 'vitest'
import { currentAttempt } from '../../../src/sandbox/actions/runs/workflow-run.ts'
import { openRehearsal, outcomes, printed, type Rehearsal } from './rehearsal.ts'

const open: Rehearsal[] = []

async function rehearse(options: Parameters<typeof openRehearsal>[0] = {}): Promise<Rehearsal> {
  const rehearsal = await openRehearsal(options)
  open.push(rehearsal)
  return rehearsal
}

afterEach(async () => {
  for (const rehearsal of open.splice(0)) await rehearsal.close()
})

const PATH = '.github/workflows/ci.yml'

describe('jobs of a run', () => {
  it('start when what they need has ended, with its outputs, and are skipped behind a failure', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({
      [PATH]: `
name: CI
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { word: "\${{ steps.say.outputs.word }}" }
    steps:
      - { id: say, run: 'echo word=hello >> "$GITHUB_OUTPUT"' }
  bad:
    runs-on: ubuntu-latest
    needs: build
    steps: [ { run: 'echo \${{ needs.build.outputs.word }} \${{ github.event.ref }}; exit 1' } ]
  behind:
    runs-on: ubuntu-latest
    needs: bad
    steps: [ { run: echo never } ]
  further:
    runs-on: ubuntu-latest
    needs: behind
    if: failure()
    steps: [ { run: 'echo \${{ needs.behind.result }}' } ]
  never:
    if: github.ref == 'refs/heads/other'
    runs-on: ubuntu-latest
    steps: [ { run: echo never } ]
`,
    })
    const run = await rehearsal.finished()
    expect(outcomes(run)).toEqual({
      build: 'success',
      bad: 'failure',
      behind: 'skipped',
      further: 'success',
      never: 'skipped',
    })
    expect(currentAttempt(run).conclusion).toBe('failure')
    expect(printed(rehearsal, run)).toEqual(expect.arrayContaining(['hello refs/heads/main', 'skipped']))
    expect(printed(rehearsal, run)).not.toContain('never')
  })

  it('share the runners', async () => {
    const rehearsal = await rehearse({ slots: 1 })
    const job = (name: string) =>
      `${name}: { runs-on: ubuntu-latest, steps: [ { run: 'echo ${name} begins; sleep 0.2; echo ${name} ends' } ] }`
    await rehearsal.push({ [PATH]: `on: push\njobs:\n  ${job('one')}\n  ${job('two')}\n` })
    const run = await rehearsal.finished()
    const [one, two] = currentAttempt(run).jobs
    expect(one?.completedAt?.getTime()).toBeLessThanOrEqual(two?.startedAt?.getTime() ?? 0)
    expect(outcomes(run)).toEqual({ one: 'success', two: 'success' })
  })

  it('that are forgiven do not fail the run, and those behind them run', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({
      [PATH]: `
on: push
jobs:
  shaky: { runs-on: ubuntu-latest, continue-on-error: true, steps: [ { run: exit 1 } ] }
  after: { runs-on: ubuntu-latest, needs: shaky, steps: [ { run: 'true' } ] }
`,
    })
    const run = await rehearsal.finished()
    expect(outcomes(run)).toEqual({ shaky: 'failure', after: 'success' })
    expect(currentAttempt(run).conclusion).toBe('success')
  })

  it('that take too long are cancelled, with the reason as an annotation', async () => {
    const rehearsal = await rehearse({ timings: { minuteMs: 300 } })
    await rehearsal.push({
      [PATH]: 'on: push\njobs: { slow: { runs-on: ubuntu-latest, timeout-minutes: 1, steps: [ { run: sleep 20 } ] } }',
    })
    const run = await rehearsal.finished()
    expect(outcomes(run)).toEqual({ slow: 'cancelled' })
    expect(currentAttempt(run).jobs[0]?.annotations[0]?.message).toContain(
      'exceeded the maximum execution time of 1 minutes',
    )
  })

  it('see variables and secrets of organisation and repository, secrets never in the log', async () => {
    const rehearsal = await rehearse()
    const now = new Date()
    const put = (map: Map<string, unknown>, name: string, value: string) =>
      map.set(name, { name, value, createdAt: now, updatedAt: now })
    put(rehearsal.repository.owner.variables, 'PLACE', 'organisation')
    put(rehearsal.repository.owner.variables, 'BASE', 'base')
    put(rehearsal.repository.variables, 'PLACE', 'repository')
    put(rehearsal.repository.secrets, 'KEY', 'top-secret-value')
    const steps = `[ { run: 'echo "\${{ vars.PLACE }} \${{ vars.BASE }} \${{ secrets.KEY }} \${{ secrets.NONE }}|\${{ github.token }}|"' } ]`
    await rehearsal.push({ [PATH]: `on: push\njobs: { see: { runs-on: ubuntu-latest, steps: ${steps} } }` })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run)).toContain('repository base *** |***|')
    expect(rehearsal.actions.runs.logOf(run)).not.toMatch(/top-secret|ghs_/)
  })
})

describe('what the sandbox has not', () => {
  it.each([
    ['a matrix', 'strategy: { matrix: { a: [1, 2] } }', /matrix or strategy \(`strategy`\)/],
    ['services', 'services: { db: { image: postgres } }', /service containers/],
    ['a container', 'container: node:24', /a job container/],
    ['another runner', 'runs-on: windows-latest', /`windows-latest`; the sandbox has only/],
  ])('%s fails the run with words', async (_, line, words) => {
    const rehearsal = await rehearse()
    const runner = line.startsWith('runs-on') ? '' : 'runs-on: ubuntu-latest\n    '
    await rehearsal.push({ [PATH]: `on: push\njobs:\n  one:\n    ${runner}${line}\n    steps: [ { run: 'true' } ]\n` })
    const run = await rehearsal.finished()
    expect(currentAttempt(run)).toMatchObject({ conclusion: 'startup_failure', jobs: [] })
    expect(rehearsal.actions.runs.logOf(run)).toMatch(words)
  })

  it.each([
    [
      'a reusable workflow',
      'on: push\njobs: { one: { uses: acme/x/.github/workflows/a.yml@v1 } }',
      /reusable workflow/,
    ],
    [
      'an unknown action',
      'on: push\njobs: { one: { runs-on: ubuntu-latest, steps: [ { uses: actions/cache@v4 } ] } }',
      /`actions\/cache@v4` is unknown/,
    ],
    [
      'an invalid file',
      'on: push\njobs: { one: { runs-on: ubuntu-latest, steps: [ { rum: x } ] } }',
      /Invalid workflow file: .*rum/,
    ],
    ['no YAML at all', 'on: [push\njobs', /Invalid workflow file/],
  ])('%s fails the run with words', async (_, workflow, words) => {
    const rehearsal = await rehearse()
    await rehearsal.push({ [PATH]: workflow })
    const run = await rehearsal.finished()
    expect(currentAttempt(run).conclusion).toBe('startup_failure')
    expect(rehearsal.actions.runs.logOf(run)).toMatch(words)
  })
})

describe('a concurrency group', () => {
  const workflow = (concurrency: string, seconds: number) => `
on: push
concurrency: ${concurrency}
jobs: { one: { runs-on: ubuntu-latest, steps: [ { run: 'sleep ${seconds}; echo done' } ] } }
`
  it('runs one, keeps one waiting, and replaces the waiting one by a newer one', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ [PATH]: workflow('Deploy', 0.5) })
    const first = await rehearsal.newest()
    await rehearsal.push({ [PATH]: workflow('DEPLOY', 0) })
    const second = await rehearsal.newest()
    await rehearsal.push({ [PATH]: workflow('deploy', 0.01) })
    const third = await rehearsal.newest()
    for (const run of [first, second, third]) await rehearsal.finished(run)
    expect([first, second, third].map(run => currentAttempt(run).conclusion)).toEqual([
      'success',
      'cancelled',
      'success',
    ])
    expect(currentAttempt(second).problems.join()).toContain(
      "Canceling since a higher priority waiting request for 'deploy' exists",
    )
    const started = currentAttempt(third).jobs[0]?.startedAt?.getTime() ?? 0
    expect(started).toBeGreaterThanOrEqual(
      currentAttempt(first).jobs[0]?.completedAt?.getTime() ?? Number.POSITIVE_INFINITY,
    )
  })

  it('of a job cancels the running one when cancel-in-progress comes to true', async () => {
    const rehearsal = await rehearse()
    const job = (seconds: number) => `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    concurrency: { group: "ring \${{ github.ref_name }}", cancel-in-progress: "\${{ github.event.after != '' }}" }
    steps: [ { run: 'echo running; sleep ${seconds}' }, { if: always(), run: echo cleaned } ]
`
    await rehearsal.push({ [PATH]: job(30) })
    const first = await rehearsal.newest()
    await rehearsal.actions.runs.until(() => printed(rehearsal, first).includes('running') || undefined)
    await rehearsal.push({ [PATH]: job(0) })
    const second = await rehearsal.finished()
    await rehearsal.finished(first)
    expect(outcomes(first)).toEqual({ deploy: 'cancelled' })
    expect(printed(rehearsal, first)).toContain('cleaned')
    expect(outcomes(second)).toEqual({ deploy: 'success' })
  })

  it('that a job shares with its own run is a deadlock, and said to be one', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({
      [PATH]:
        "on: push\nconcurrency: x\njobs: { one: { runs-on: ubuntu-latest, concurrency: X, steps: [ { run: 'true' } ] } }",
    })
    const run = await rehearsal.finished()
    expect(outcomes(run)).toEqual({ one: 'cancelled' })
    expect(rehearsal.actions.runs.logOf(run)).toContain('deadlock was detected')
  })
})

describe('cancelling', () => {
  it('ends running and waiting jobs; jobs and steps that ask for always() still run', async () => {
    const rehearsal = await rehearse({ slots: 1 })
    await rehearsal.push({
      [PATH]: `
on: push
jobs:
  one: { runs-on: ubuntu-latest, steps: [ { run: 'echo begun; sleep 30' }, { if: cancelled(), run: echo tidy } ] }
  two: { runs-on: ubuntu-latest, steps: [ { run: echo never } ] }
  behind: { runs-on: ubuntu-latest, needs: [one], steps: [ { run: echo never } ] }
  report: { runs-on: ubuntu-latest, needs: [one, two], if: always(), steps: [ { run: 'echo \${{ needs.one.result }}' } ] }
`,
    })
    const run = await rehearsal.newest()
    await rehearsal.actions.runs.until(() => printed(rehearsal, run).includes('begun') || undefined)
    expect(await rehearsal.api('POST', `/actions/runs/${run.id}/cancel`)).toMatchObject({ status: 202 })
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ one: 'cancelled', two: 'cancelled', behind: 'cancelled', report: 'success' })
    expect(printed(rehearsal, run)).toEqual(expect.arrayContaining(['tidy', 'cancelled']))
    expect(printed(rehearsal, run)).not.toContain('never')
    expect(currentAttempt(run).conclusion).toBe('cancelled')
    expect(await rehearsal.api('POST', `/actions/runs/${run.id}/cancel`)).toMatchObject({ status: 409 })
  })

  it('by force ends always() too', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({
      [PATH]: `
on: push
jobs:
  one: { runs-on: ubuntu-latest, steps: [ { run: 'echo begun; sleep 30' }, { if: always(), run: 'echo tidy; sleep 30' } ] }
  report: { runs-on: ubuntu-latest, needs: one, if: always(), steps: [ { run: echo never } ] }
`,
    })
    const run = await rehearsal.newest()
    await rehearsal.actions.runs.until(() => printed(rehearsal, run).includes('begun') || undefined)
    expect(await rehearsal.api('POST', `/actions/runs/${run.id}/force-cancel`)).toMatchObject({ status: 202 })
    await rehearsal.finished(run)
    expect(currentAttempt(run).conclusion).toBe('cancelled')
    expect(printed(rehearsal, run)).not.toContain('never')
  })
})

describe('running again', () => {
  it('the failed jobs keeps the others, and raises the attempt', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({
      [PATH]: `
on: push
jobs:
  good: { runs-on: ubuntu-latest, outputs: { at: "\${{ steps.x.outputs.at }}" }, steps: [ { id: x, run: 'echo "at=$RANDOM" >> "$GITHUB_OUTPUT"' } ] }
  flaky: { runs-on: ubuntu-latest, needs: good, steps: [ { run: 'test "$GITHUB_RUN_ATTEMPT" = 2' } ] }
  behind: { runs-on: ubuntu-latest, needs: flaky, steps: [ { run: 'echo from \${{ needs.good.outputs.at }}' } ] }
`,
    })
    const run = await rehearsal.finished()
    expect(outcomes(run)).toEqual({ good: 'success', flaky: 'failure', behind: 'skipped' })
    const [good] = currentAttempt(run).jobs
    expect(
      await rehearsal.api('POST', `/actions/runs/${run.id}/rerun-failed-jobs`, {
        token: rehearsal.tokenOf(rehearsal.bob),
      }),
    ).toMatchObject({ status: 201 })
    await rehearsal.finished(run)
    expect(outcomes(run)).toEqual({ good: 'success', flaky: 'success', behind: 'success' })
    expect(currentAttempt(run)).toMatchObject({ number: 2, triggeringActor: { login: 'bob' } })
    expect(currentAttempt(run).jobs[0]?.outputs).toEqual(good?.outputs)
    expect(await rehearsal.api('GET', `/actions/runs/${run.id}/attempts/1/jobs`)).toMatchObject({
      body: { total_count: 3 },
    })
    expect(await rehearsal.api('POST', `/actions/runs/${run.id}/rerun`)).toMatchObject({ status: 201 })
    await rehearsal.finished(run)
    expect(outcomes(run)).toMatchObject({ flaky: 'failure' })
  })
})

it('events that never start a run here are named, and the run goes on', async () => {
  const rehearsal = await rehearse()
  await rehearsal.push({
    [PATH]:
      "on: { push: , schedule: [ { cron: '0 4 * * *' } ] }\njobs: { one: { runs-on: ubuntu-latest, steps: [ { run: 'true' } ] } }",
  })
  const run = await rehearsal.finished()
  expect(currentAttempt(run).conclusion).toBe('success')
  expect(rehearsal.actions.runs.logOf(run)).toContain('starts no runs for `on: schedule`')
})

it('a run that cannot start leaves a failed check run with the reason', async () => {
  const rehearsal = await rehearse()
  await rehearsal.push({ [PATH]: 'on: push\njobs: { one: { runs-on: macos-latest, steps: [ { run: ls } ] } }' })
  await rehearsal.finished()
  expect(rehearsal.repository.checkRuns).toMatchObject([
    { name: PATH, conclusion: 'failure', output: { summary: expect.stringContaining('`macos-latest`') } },
  ])
})

it('closing ends everything at once, also what does not listen', async () => {
  const rehearsal = await openRehearsal({ timings: { interruptMs: 60_000 } })
  await rehearsal.push({
    [PATH]: `on: push\njobs: { one: { runs-on: ubuntu-latest, steps: [ { run: "trap '' INT TERM; echo deaf; sleep 60" } ] } }`,
  })
  const run = await rehearsal.newest()
  await rehearsal.actions.runs.until(() => printed(rehearsal, run).includes('deaf') || undefined)
  const began = Date.now()
  await rehearsal.close()
  expect(Date.now() - began).toBeLessThan(30_000)
  expect(currentAttempt(run).status).toBe('completed')
})
