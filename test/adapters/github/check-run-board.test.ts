import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubCheckRunBoard } from '../../../src/adapters/github/check-run-board.ts'
import { commitSha } from '../../../src/domain/units.ts'
import type { CheckRunBoard, ShownCheckRun } from '../../../src/ports/check-run-board.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let app: AppOnGithub
let board: CheckRunBoard

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed)
  board = createGithubCheckRunBoard(app.client, app.app.id)
})
afterAll(() => rehearsed.close())

const shown = (more: Partial<ShownCheckRun> = {}): ShownCheckRun => ({
  commit: commitSha(rehearsed.head),
  name: 'ringway: staging',
  externalId: 'p1',
  state: 'action_required',
  title: 'Waits for 1 approval',
  summary: 'gates',
  text: 'rows',
  url: 'https://app.test/p1',
  buttons: [{ label: 'Approve', description: 'Approve this promotion', identifier: 'approve' }],
  ...more,
})
const runs = () => rehearsed.repository.checkRuns

describe('the board of check runs', () => {
  it('shows one check run per external id, edited in place while it waits, and buttons only then', async () => {
    const id = await board.show(shown())
    expect(await board.show(shown({ title: 'Waits for nobody', state: 'success', buttons: [] }))).toBe(id)
    expect(runs()).toMatchObject([
      { id, conclusion: 'success', externalId: 'p1', actions: [], output: { title: 'Waits for nobody' } },
    ])
    const other = await board.show(shown({ externalId: 'p2' }))
    expect(other).not.toBe(id)
  })

  it('does not take back a conclusion: what runs again is a newer check run', async () => {
    const id = await board.show(shown({ externalId: 'again', state: 'failure' }))
    const next = await board.show(shown({ externalId: 'again', state: 'in_progress' }))
    expect(next).toBeGreaterThan(id)
    expect(await board.show(shown({ externalId: 'again', state: 'success', text: undefined }))).toBe(next)
    expect(runs().filter(run => run.externalId === 'again')).toMatchObject([
      { id, conclusion: 'failure' },
      { id: next, conclusion: 'success', output: { text: '' } },
    ])
  })

  it('cuts what GitHub would refuse, and says where the rest stands', async () => {
    const id = await board.show(shown({ externalId: 'long', text: 'ä'.repeat(70_000), summary: 'x'.repeat(70_000) }))
    const { output } = runs().find(run => run.id === id) ?? {}
    for (const text of [output?.text, output?.summary]) {
      expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(65_535)
      expect(text).toMatch(/[äx]\n\n… \[read on\]\(https:\/\/app\.test\/p1\)$/)
    }
    const tooMany = Array.from({ length: 4 }, () => ({ label: 'x', description: 'x', identifier: 'x' }))
    await expect(board.show(shown({ buttons: tooMany }))).rejects.toThrow(RangeError)
  })

  it('finds the one that was made although the answer was lost', async () => {
    const route = 'POST /repos/{owner}/{repo}/check-runs'
    rehearsed.sandbox.faults.api.add({ on: route, kind: 'error', status: 502, when: 'after', times: 1 })
    const id = await board.show(shown({ externalId: 'lost' }))
    expect(runs().filter(run => run.externalId === 'lost')).toMatchObject([{ id }])
  })
})
