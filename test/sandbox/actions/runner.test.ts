import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runOneJob } from './run-one-job.ts'

const job = (steps: string, extra = '') => `
on: push
env: { LEVEL: workflow }
jobs:
  only:
    runs-on: ubuntu-latest
${extra.replace(/^/gm, '    ')}
    steps:
${steps.replace(/^/gm, '      ')}
`

describe('a run step', () => {
  it('hands on outputs, variables, search path and summary through the files of the runner', async () => {
    const outcome = await runOneJob(
      job(
        `
- id: one
  run: |
    echo "word=hello" >> "$GITHUB_OUTPUT"
    printf 'text<<END\\na\\nb\\nEND\\n' >> "$GITHUB_OUTPUT"
    echo "LATER=$LEVEL/$OWN" >> "$GITHUB_ENV"
    mkdir bin && printf '#!/bin/sh\\necho from the path' > bin/greet && chmod +x bin/greet
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "# Done" >> "$GITHUB_STEP_SUMMARY"
  env: { OWN: "\${{ github.sha }}" }
- run: |
    echo "\${{ steps.one.outputs.word }}|$LATER|$(greet)"
    echo '\${{ toJSON(steps.one.outputs.text) }}'
- run: exit 3
- run: echo never
- if: failure()
  run: echo "because \${{ job.status }}"`,
        'outputs: { out: "${{ steps.one.outputs.word }}!" }',
      ),
    )
    expect(outcome.lines).toContain(`hello|workflow/${'a'.repeat(40)}|from the path`)
    expect(outcome.lines.join('|')).toContain('"a\\nb"')
    expect(outcome.lines).toContain('because failure')
    expect(outcome.lines).not.toContain('never')
    expect(outcome.summary).toBe('# Done\n')
    expect(outcome.result).toMatchObject({ conclusion: 'failure', outputs: { out: 'hello!' } })
    expect(outcome.annotations).toMatchObject([{ level: 'failure', message: 'Process completed with exit code 3.' }])
    expect(outcome.steps.map(step => [step.name, step.conclusion])).toEqual([
      ['Set up job', 'success'],
      ['Run echo "word=hello" >> "$GITHUB_OUTPUT"', 'success'],
      [expect.anything(), 'success'],
      ['Run exit 3', 'failure'],
      ['Run echo never', 'skipped'],
      [expect.anything(), 'success'],
      ['Complete job', 'success'],
    ])
  })

  it('hides secrets, masked values and their base64 in the log, and keeps them out of job outputs', async () => {
    const outcome = await runOneJob(
      job(
        `
- id: leak
  run: |
    echo "the secret is $TOKEN"
    echo -n "$TOKEN" | base64
    echo "::add-mask::derived-value"
    echo "a derived-value here"
    echo "token=$TOKEN" >> "$GITHUB_OUTPUT"
    echo "::error::$TOKEN is wrong"
  env: { TOKEN: "\${{ secrets.TOKEN }}" }`,
        'outputs: { token: "${{ steps.leak.outputs.token }}" }',
      ),
      { secrets: { TOKEN: 'hunter2-hunter2' } },
    )
    expect(outcome.log).not.toMatch(/hunter2|aHVudGVyMi1odW50ZXIy/)
    expect(outcome.lines).toEqual(expect.arrayContaining(['the secret is ***', 'a *** here']))
    expect(outcome.annotations).toMatchObject([{ message: '*** is wrong' }, { level: 'warning' }])
    expect(outcome.result.outputs).toEqual({})
  })

  it('reports errors, warnings and notices at their file and line, and obeys stop-commands', async () => {
    const outcome = await runOneJob(
      job(`
- run: |
    echo "::error file=src/a.ts,line=3,endLine=4,col=2,title=Bad%2C bad::one%0Atwo"
    echo "::stop-commands::pause"
    echo "::warning::not a command"
    echo "::pause::"
    echo "::notice::hello"`),
    )
    expect(outcome.annotations).toEqual([
      {
        level: 'failure',
        message: 'one\ntwo',
        title: 'Bad, bad',
        path: 'src/a.ts',
        startLine: 3,
        endLine: 4,
        startColumn: 2,
        endColumn: null,
      },
      {
        level: 'notice',
        message: 'hello',
        title: null,
        path: '.github',
        startLine: 1,
        endLine: 1,
        startColumn: null,
        endColumn: null,
      },
    ])
    expect(outcome.lines).toContain('::warning::not a command')
    expect(outcome.result.conclusion).toBe('success')
  })

  it('sees an environment built from nothing: the runner’s variables and no other of this process', async () => {
    process.env['SANDBOX_OWN_SECRET'] = 'leaks'
    const outcome = await runOneJob(job('- run: env | sort; cat "$GITHUB_EVENT_PATH"'), { vars: { A: 'b' } })
    delete process.env['SANDBOX_OWN_SECRET']
    const names = outcome.lines.flatMap(line => /^([A-Z_0-9]+)=/.exec(line)?.[1] ?? [])
    expect(names).toEqual(
      expect.arrayContaining(['CI', 'GITHUB_ACTIONS', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'HOME', 'RUNNER_TEMP']),
    )
    expect(
      names.filter(name => !/^(GITHUB_|RUNNER_|CI$|HOME$|LANG$|LEVEL$|PATH$|PWD$|SHELL$|SHLVL$|USER$|_$)/.test(name)),
    ).toEqual([])
    expect(names).not.toContain('GITHUB_TOKEN')
    expect(names).not.toContain('ACTIONS_ID_TOKEN_REQUEST_URL')
    expect(outcome.lines).toContain('  "hello": "event"')
  })

  it('has the OIDC variables exactly when the job may ask for a token', async () => {
    const outcome = await runOneJob(
      job('- run: echo "$ACTIONS_ID_TOKEN_REQUEST_URL $ACTIONS_ID_TOKEN_REQUEST_TOKEN"'),
      {
        idToken: { url: 'http://127.0.0.1:9/id?x=1', token: 'abc' },
      },
    )
    expect(outcome.lines).toContain('http://127.0.0.1:9/id?x=1 abc')
  })

  it.each([
    { shell: 'sh', script: 'echo "$0" | grep -q "\\.sh$" && echo ok', ok: true },
    { shell: 'bash', script: 'false | true', ok: false },
    { shell: '', script: 'false | true', ok: true },
    { shell: 'node {0}', script: 'console.log("ok")', ok: true },
    { shell: 'python', script: 'print("ok")', ok: true },
    { shell: 'fish', script: 'echo ok', ok: false },
  ])('with shell "$shell" `$script` succeeds: $ok', async ({ shell, script, ok }) => {
    const outcome = await runOneJob(job(`- run: '${script}'${shell === '' ? '' : `\n  shell: "${shell}"`}`))
    expect(outcome.result.conclusion).toBe(ok ? 'success' : 'failure')
  })

  it('goes on after a forgiven failure and shows outcome and conclusion apart', async () => {
    const outcome = await runOneJob(
      job(`
- id: maybe
  run: exit 1
  continue-on-error: true
- run: echo "\${{ steps.maybe.outcome }} \${{ steps.maybe.conclusion }}"`),
    )
    expect(outcome.lines).toContain('failure success')
    expect(outcome.result.conclusion).toBe('success')
  })

  it('that takes too long is ended and fails', async () => {
    const outcome = await runOneJob(job('- run: sleep 30\n  timeout-minutes: 0.3\n- if: failure()\n  run: echo after'))
    expect(outcome.annotations[0]?.message).toContain('has timed out after 0.3 minutes')
    expect(outcome.lines).toContain('after')
    expect(outcome.result.conclusion).toBe('failure')
  })

  it('fails with words when an expression cannot be evaluated', async () => {
    const outcome = await runOneJob(job("- run: echo ${{ fromJSON('{') }}\n- if: always()\n  run: echo after"))
    expect(outcome.annotations[0]?.message).toContain('cannot be evaluated')
    expect(outcome.lines).toContain('after')
  })
})

describe('an action', () => {
  const action = (files: Record<string, string>) => {
    const directory = mkdtempSync(join(tmpdir(), 'action-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    return directory
  }
  const yml = `
name: Greeter
description: greets
inputs:
  who-to greet: { description: who, default: "\${{ github.repository }}" }
  own: { description: own }
outputs: { seen: { description: seen } }
runs: { using: node24, main: main.js, pre: pre.js, post: post.js }
`
  const append = "const { appendFileSync } = require('node:fs');\n"
  const files = {
    'action.yml': yml,
    'pre.js': `${append}appendFileSync(process.env.GITHUB_STATE, 'early=pre\\n'); console.log('pre ran')`,
    'main.js': `${append}console.log('in ' + process.env['INPUT_WHO-TO_GREET'] + ' ' + process.env.INPUT_OWN + ' ' + process.env.STATE_early);
appendFileSync(process.env.GITHUB_OUTPUT, 'seen=yes\\n'); appendFileSync(process.env.GITHUB_STATE, 'late<<E\\nx\\ny\\nE\\n')`,
    'post.js': "console.log('post ' + process.env.STATE_early + JSON.stringify(process.env.STATE_late))",
  }

  it('runs pre, main and post with inputs, defaults, outputs and state', async () => {
    const outcome = await runOneJob(
      job(
        '- id: greet\n  uses: acme/greet@v1\n  with: { own: "${{ 1 == 1 }}" }\n- run: echo "seen ${{ steps.greet.outputs.seen }}"',
      ),
      { actions: { 'acme/greet': action(files) } },
    )
    expect(outcome.lines.filter(line => /pre|in |post|seen/.test(line))).toEqual([
      'pre ran',
      'in acme/shop true pre',
      'seen yes',
      'post pre"x\\ny"',
    ])
    expect(outcome.steps.map(step => step.name)).toEqual([
      'Set up job',
      'Pre Run acme/greet@v1',
      'Run acme/greet@v1',
      'Run echo "seen yes"',
      'Post Run acme/greet@v1',
      'Complete job',
    ])
  })

  it('in the workspace is found when its step comes, and has no pre', async () => {
    const source = action(files)
    const outcome = await runOneJob(job(`- run: cp -r ${source} ./mine\n- uses: ./mine\n  with: { own: 1, odd: 2 }`))
    expect(outcome.lines).not.toContain('pre ran')
    expect(outcome.lines).toContain('in acme/shop 1 undefined')
    expect(outcome.lines).toContain('post undefined"x\\ny"')
    expect(outcome.annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining("'odd'") }])
  })

  it('that is composite says that the sandbox cannot run it', async () => {
    const composite = "name: c\ndescription: c\nruns: { using: composite, steps: [ { run: 'true', shell: bash } ] }\n"
    const outcome = await runOneJob(job('- uses: acme/c@v1'), {
      actions: { 'acme/c': action({ 'action.yml': composite }) },
    })
    expect(outcome.result.conclusion).toBe('failure')
    expect(outcome.annotations[0]?.message).toMatch(/uses 'composite'; the sandbox runs only node20 and node24/)
  })
})

describe('cancellation', () => {
  const trap = (file: string, keep: string) => `
- run: |
    trap 'echo got INT' INT
    trap 'echo got TERM' TERM
    echo ready
    for i in $(seq 200); do sleep 0.05; done
    touch ${file}
- run: echo never
- if: always()
  run: echo cleaned ${keep}
- if: cancelled()
  run: echo told`

  it('sends SIGINT, SIGTERM and SIGKILL in turn, then runs what asks for always() or cancelled()', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'cancel-')), 'survived')
    const began = Date.now()
    const outcome = await runOneJob(job(trap(file, 'up')), {
      watch: (log, control) => {
        if (log.endsWith(' ready\n')) control.cancel()
      },
    })
    expect(outcome.lines).toEqual(expect.arrayContaining(['got INT', 'got TERM', 'cleaned up', 'told']))
    expect(outcome.lines).not.toContain('never')
    expect(outcome.result.conclusion).toBe('cancelled')
    expect(Date.now() - began).toBeLessThan(5_000)
    expect(existsSync(file)).toBe(false)
  })

  it('leaves a running always() step alone, unless it is forced', async () => {
    const steps = '- run: exit 1\n- if: always()\n  run: |\n    echo ready\n    sleep 0.4\n    echo finished'
    const gentle = await runOneJob(job(steps), {
      watch: (log, control) => log.endsWith(' ready\n') && control.cancel(),
    })
    expect(gentle.lines).toContain('finished')
    const forced = await runOneJob(job(steps), { watch: (log, control) => log.endsWith(' ready\n') && control.force() })
    expect(forced.lines).not.toContain('finished')
  })
})

describe('processes left behind', () => {
  it('end with the job when they carry its tracking id, and survive when they do not', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'orphans-'))
    const outcome = await runOneJob(
      job(`
- run: |
    setsid sleep 60 > /dev/null 2>&1 & echo $! > ${directory}/orphan
    RUNNER_TRACKING_ID= setsid sleep 60 > /dev/null 2>&1 & echo $! > ${directory}/daemon
    sleep 0.1`),
    )
    const pid = (name: string) => Number(readFileSync(join(directory, name), 'utf8'))
    expect(outcome.log).toContain(`Terminate orphan process: pid (${pid('orphan')}) (sleep)`)
    expect(readState(pid('orphan'))).toMatch(/gone|Z/)
    expect(readState(pid('daemon'))).toBe('S')
    process.kill(pid('daemon'), 'SIGKILL')
  })

  function readState(pid: number): string {
    try {
      return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 'gone'
    } catch {
      return 'gone'
    }
  }
})
