import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/sandbox/world/account.ts'
import { artifactOf } from '../support/control-records.ts'
import { digestOf } from '../support/ring-records.ts'
import { openStoredApi, type StoredApi } from '../support/stored-api.ts'
import { type Ended, ringway } from './ringway-program.ts'

let api: StoredApi
beforeAll(async () => {
  api = await openStoredApi(['shop', 'desk'])
})
afterAll(() => api[Symbol.asyncDispose]())

/** Types a command in a clone of the repository, as somebody. */
function type(who: Account, ...args: string[]): Promise<Ended> {
  const { sandbox, clone } = api.rehearsed
  return ringway(clone, args, {
    RINGWAY_URL: api.url,
    GITHUB_API_URL: sandbox.apiUrl,
    GITHUB_TOKEN: sandbox.tokenOf(who),
  })
}

describe('[M12] ringway through the App', () => {
  it('lists deployments, and tells one with an exit code that says how it stands', async () => {
    const { bob } = api.rehearsed
    const shop = api.solution('shop')
    await shop.publish(3)
    const first = await shop.activate('dev', 1)
    const failed = await api.run(async tx => {
      const active = await tx.deployments.read(first)
      if (active === undefined) throw new Error('it was just made')
      const { id: _, ...rest } = active
      const id = await tx.deployments.add({ ...rest, state: 'failed', words: 'smoke', activatedAt: undefined })
      await tx.events.append({
        type: 'deployment.failed',
        key: shop.ring('dev'),
        data: { deployment: id, words: 'smoke' },
      })
      return id
    })
    const listed = await type(bob, 'deployments', 'list')
    expect(listed.code).toBe(0)
    expect(listed.out.split('\n')[0]).toMatch(/^ID +RING +VERSION +STATE +SINCE +BY +WORDS$/)
    expect(listed.out).toMatch(new RegExp(`^${first} +shop/dev +v1 +active +2023-11-14 22:13 +@mona`, 'm'))
    const ofRing = await type(bob, 'deployments', 'list', 'shop/dev', '--limit', '1', '--json')
    expect(ofRing.json()).toMatchObject({ ok: true, deployments: [{ id: failed, state: 'failed' }] })
    const good = await type(bob, 'deployments', 'status', String(first))
    expect(good).toMatchObject({ code: 0 })
    expect(good.out).toContain(`Deployment ${first}: v1 in shop/dev by @mona\nactive, and the ring points to it`)
    const bad = await type(bob, 'deployments', 'status', String(failed))
    expect(bad).toMatchObject({ code: 1 })
    expect(bad.out).toContain('deployment.failed  smoke')
    expect((await type(bob, 'deployments', 'status', '999', '--json')).json()).toMatchObject({
      ok: false,
      reason_code: 'not_found',
    })
    expect((await type(bob, 'deployments', 'status', 'v1')).code).toBe(2)
  })

  it('[C7] lists drafts that were never deployed, each with the command that deploys it, which does', async () => {
    const { bob } = api.rehearsed
    const draft = artifactOf(api.solution('desk').ring('dev'), { digest: digestOf(7), pullRequest: 12 })
    expect((await type(bob, 'drafts', 'shop')).out).toBe('No pull request has built a draft.\n')
    await api.run(tx => tx.artifacts.put(draft))
    const listed = await type(bob, 'drafts')
    expect(listed.code).toBe(0)
    const [, row = ''] = listed.out.split('\n')
    expect(row).toMatch(/^draft \w{12} +desk +#12 +.+ +draft, never deployed +ringway promote desk\/dev sha256:\w{64}$/)
    const command = row.slice(row.indexOf('ringway ') + 'ringway '.length).split(' ')
    expect(await type(bob, ...command)).toMatchObject({ code: 0, out: expect.stringContaining('is to enter dev') })
    expect(listed.out).not.toContain('Only the newest')
    await api.run(async tx => {
      for (let number = 100; number < 120; number += 1) await tx.artifacts.put({ ...draft, digest: digestOf(number) })
    })
    expect((await type(bob, 'drafts', 'desk')).out).toContain('\nOnly the newest 20 of a solution are shown.\n')
    const mistyped = await type(bob, 'drafts', 'deks')
    expect(mistyped).toMatchObject({ code: 1, err: expect.stringContaining('Did you mean desk?') })
  })

  it('promotes, answers and locks as a comment would, and says what stands', async () => {
    const { alice, bob } = api.rehearsed
    const shop = api.solution('shop')
    expect((await type(bob, 'promote', 'shop/dev', 'v2', '--reason', 'refunds work again')).out).toBe(
      'v2 is to enter dev; its gates are being asked.\n',
    )
    const ambiguous = await type(bob, 'promote', 'dev', 'v2')
    expect(ambiguous).toMatchObject({ code: 1 })
    expect(ambiguous.err).toContain('Write shop/dev or desk/dev.')
    const rehearsed = await type(alice, 'promote', 'shop/production', digestOf(3), '--dry-run')
    expect(rehearsed).toMatchObject({ code: 1 })
    expect(rehearsed.out).toMatch(/^ring_order +fail/m)
    await shop.wait('staging', 'p-staging')
    const approved = await type(alice, 'approve', 'shop/staging')
    expect(approved).toMatchObject({ code: 0, out: expect.stringContaining('@alice approved v1 for staging') })
    expect(approved.err).toContain('v1 for shop/staging, asked for by @mona (p-staging)')
    expect((await type(alice, 'reject', 'shop/staging', 'p-gone')).err).toContain(
      'Promotion p-gone waits for no answer',
    )
    expect((await type(bob, 'lock', 'shop/dev', '--for', '2h', '--reason', 'load test')).code).toBe(0)
    const status = await type(bob, 'status')
    expect(status.out).toMatch(/^shop\/dev +v1 +2023-11-14 22:13 +active +v2 requested +@bob$/m)
    expect(status.out).toMatch(/^desk\/staging +– +– +active +– +–$/m)
    expect((await type(bob, 'unlock', 'shop/dev')).code).toBe(0)
    expect((await type(bob, 'status', 'shop/dev', '--json')).json()).toMatchObject({ ok: true, rings: [{ locks: [] }] })
    expect((await type(bob, 'lock')).code).toBe(2)
    const back = await type(bob, 'rollback', 'shop/dev')
    expect(back).toMatchObject({ code: 1 })
    expect(back.err).toContain('ringway: ')
  })

  it('says whether the audit log is whole, to an admin', async () => {
    const { alice, bob } = api.rehearsed
    const verified = await type(alice, 'audit', 'verify')
    expect(verified).toMatchObject({ code: 0 })
    expect(verified.out).toMatch(/^\d+ entries, whole; its head is [0-9a-f]{64}\n$/)
    expect(await type(bob, 'audit', 'verify')).toMatchObject({ code: 1 })
  })

  it('says what to set where something is missing, and that it could not ask', async () => {
    const { sandbox, clone, bob } = api.rehearsed
    const token = { GITHUB_API_URL: sandbox.apiUrl, GITHUB_TOKEN: sandbox.tokenOf(bob) }
    const nowhere = await ringway(clone, ['status'], token)
    expect(nowhere).toMatchObject({ code: 2 })
    expect(nowhere.err).toContain('export RINGWAY_URL=')
    const plain = await ringway(clone, ['status'], { ...token, RINGWAY_URL: 'http://ringway.example' })
    expect(plain).toMatchObject({ code: 2, err: expect.stringContaining('https://') })
    const silent = await ringway(clone, ['status', '--json'], { ...token, RINGWAY_URL: 'http://127.0.0.1:9' })
    expect(silent).toMatchObject({ code: 3 })
    expect(silent.json()).toMatchObject({ ok: false, reason_code: 'app_unreachable' })
    const nobody = await ringway(clone, ['status'], { GITHUB_API_URL: sandbox.apiUrl, RINGWAY_URL: api.url })
    expect(nobody).toMatchObject({ code: 2, err: expect.stringContaining('set GITHUB_TOKEN') })
    const unknown = { ...token, GITHUB_TOKEN: `ghp_${'0'.repeat(36)}`, RINGWAY_URL: api.url }
    expect(await ringway(clone, ['status'], unknown)).toMatchObject({ code: 1 })
  })
})
