import { afterEach, describe, expect, it } from 'vitest'
import { currentAttempt } from '../../../src/sandbox/actions/runs/workflow-run.ts'
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

const PATH = '.github/workflows/ci.yml'

const workflow = (checkout: string, look: string, permissions = '{ contents: read }') => `
on: push
permissions: ${permissions}
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        ${checkout}
      - run: |
${look.replace(/^/gm, '          ')}
`

describe('actions/checkout', () => {
  it('brings the pushed commit alone, on its branch, with credentials that are gone when the job is over', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ a: '1' })
    const sha = await rehearsal.push({
      [PATH]: workflow(
        '',
        `git rev-parse HEAD; git symbolic-ref HEAD; git rev-list --count HEAD; cat a; echo; git status --porcelain
git config --get-regexp extraheader | wc -l
git remote get-url origin
git fetch --quiet origin main && echo fetched`,
      ),
    })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run)).toEqual([
      expect.stringContaining('Syncing repository'),
      sha,
      'refs/heads/main',
      '1',
      '1',
      '1',
      `${rehearsal.world.serverUrl}/acme/shop`,
      'fetched',
    ])
    expect(currentAttempt(run).jobs[0]?.steps.map(step => step.name)).toContain('Post Run actions/checkout@v4')
    expect(currentAttempt(run).conclusion).toBe('success')
  })

  it('brings the whole history and tags with fetch-depth 0, and leaves no credentials when told so', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ a: '1' })
    await rehearsal.repository.git.text(['tag', 'v1', 'main'])
    await rehearsal.push({
      [PATH]: workflow(
        'with: { fetch-depth: 0, persist-credentials: false }',
        `git rev-list --count HEAD; git tag; git config --get-regexp extraheader || echo none
GIT_TERMINAL_PROMPT=0 git fetch --quiet origin main || echo refused`,
      ),
    })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run)).toEqual(expect.arrayContaining(['2', 'v1', 'none', 'refused']))
  })

  it('brings another ref into a directory of its own', async () => {
    const rehearsal = await rehearse()
    const first = await rehearsal.push({ a: 'old' })
    await rehearsal.push({ a: 'topic' }, { branch: 'topic' })
    await rehearsal.push({
      [PATH]: workflow('with: { ref: topic, path: sub }', `cat sub/a; echo; test -e a || echo "not here"`).replace(
        '      - run',
        `      - { uses: actions/checkout@v4, with: { ref: "${first}", path: old } }\n      - run: cat old/a; echo\n      - run`,
      ),
    })
    const run = await rehearsal.finished()
    expect(printed(rehearsal, run)).toEqual(expect.arrayContaining(['topic', 'old', 'not here']))
    expect(currentAttempt(run).conclusion).toBe('success')
  })

  it('fails without the permission to read, and names what it does not support', async () => {
    const rehearsal = await rehearse()
    await rehearsal.push({ [PATH]: workflow('', 'true', '{}') })
    const run = await rehearsal.finished()
    expect(currentAttempt(run).jobs[0]?.annotations.map(each => each.message)).toContain(
      "The process 'git fetch' failed with exit code 128",
    )
    await rehearsal.push({ [PATH]: workflow('with: { submodules: recursive }', 'true') })
    const other = await rehearsal.finished()
    expect(currentAttempt(other).jobs[0]?.annotations[0]?.message).toContain('does not support `submodules`')
  })
})
