import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubConversation } from '../../../src/adapters/github/conversation.ts'
import { epochMs } from '../../../src/domain/units.ts'
import type { Conversation } from '../../../src/ports/conversation.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { collect } from '../../support/collect.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let app: AppOnGithub
let conversation: Conversation

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed)
  conversation = createGithubConversation(app.client, app.app.id)
})
afterAll(() => rehearsed.close())

const openIssue = async (): Promise<number> => {
  const { body } = await rehearsed.as(rehearsed.alice)('POST /repos/acme/shop/issues', { title: 'an issue' })
  return Object(body).number
}
const say = async (issue: number, text: string): Promise<number> => {
  const answer = await rehearsed.as(rehearsed.bob)(`POST /repos/acme/shop/issues/${issue}/comments`, { body: text })
  return Object(answer.body).id
}
const bodies = (issue: number) => rehearsed.repository.issues.get(issue)?.comments.map(comment => comment.body)

describe('the sticky comment', () => {
  it('is one per issue and key, edited where it stands, and not at all when nothing changed', async () => {
    const issue = await openIssue()
    const id = await conversation.show({ issue, key: 'promotions', body: 'waits' })
    expect(await conversation.show({ issue, key: 'promotions', body: 'done', known: id })).toBe(id)
    const calls = app.budget.taken.length
    expect(await conversation.show({ issue, key: 'promotions', body: 'done' })).toBe(id)
    expect(app.budget.taken.slice(calls).map(({ kind }) => kind)).toEqual(['read'])
    await conversation.show({ issue, key: 'runs', body: 'other' })
    expect(bodies(issue)).toEqual(['<!-- ringway:promotions -->\ndone', '<!-- ringway:runs -->\nother'])
  })

  it('is never the comment of somebody else, whatever marker that has', async () => {
    const issue = await openIssue()
    const forged = await say(issue, '<!-- ringway:promotions -->\nall approved')
    const id = await conversation.show({ issue, key: 'promotions', body: 'waits' })
    expect(id).not.toBe(forged)
    expect(bodies(issue)).toHaveLength(2)
  })

  it('is written anew when it was deleted', async () => {
    const issue = await openIssue()
    const id = await conversation.show({ issue, key: 'promotions', body: 'waits' })
    await rehearsed.as(rehearsed.alice)(`DELETE /repos/acme/shop/issues/comments/${id}`)
    expect(await conversation.show({ issue, key: 'promotions', body: 'waits', known: id })).not.toBe(id)
  })

  it('is found again when the answer to its writing was lost', async () => {
    const issue = await openIssue()
    const on = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    rehearsed.sandbox.faults.api.add({ on, kind: 'error', status: 502, when: 'after', times: 1 })
    await conversation.show({ issue, key: 'promotions', body: 'waits' })
    expect(bodies(issue)).toHaveLength(1)
  })

  it('takes no key that would end its marker', async () => {
    await expect(conversation.show({ issue: 1, key: 'a-->b', body: '' })).rejects.toThrow(RangeError)
  })
})

describe('comments', () => {
  it('are taken with a reaction, once', async () => {
    const id = await say(await openIssue(), '/promote staging')
    expect(await conversation.react(id, 'eyes')).toBe('reacted')
    expect(await conversation.react(id, 'eyes')).toBe('reacted')
    expect((await conversation.read(id))?.body).toBe('/promote staging')
    await rehearsed.as(rehearsed.alice)(`DELETE /repos/acme/shop/issues/comments/${id}`)
    expect(await conversation.react(id, 'eyes')).toBe('gone')
    expect(await conversation.read(id)).toBeUndefined()
  })

  it('are read since an instant, every one of them, whether written or edited', async () => {
    const issue = await openIssue()
    const from = epochMs(Date.now())
    const ids: number[] = []
    for (let n = 0; n < 103; n += 1) ids.push(await say(issue, `comment ${n}`))
    const [first = 0] = ids
    await rehearsed.as(rehearsed.bob)(`PATCH /repos/acme/shop/issues/comments/${first}`, { body: 'edited' })
    const comments = await collect(conversation.since(from))
    expect(new Set(comments.map(({ id }) => id))).toEqual(new Set(ids))
    expect(comments.at(-1)).toMatchObject({ id: first, issue, body: 'edited', isEdited: true, app: undefined })
    expect(comments.at(0)).toMatchObject({ author: { login: 'bob', id: rehearsed.bob.id }, isEdited: false })
  })
})
