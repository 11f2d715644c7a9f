import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditSubject, ringSubject } from '../../src/domain/audit/audit-subject.ts'
import { show } from '../../src/domain/effect.ts'
import type { Promotion } from '../../src/domain/promotion.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import { commitSha, epochMs } from '../../src/domain/units.ts'
import type { ArtifactRecord, ControlTransaction } from '../../src/ports/control-store.ts'
import { approvalOf, artifactOf, deedOf, deploymentOf, promotionOf, ringKeyOf } from '../support/control-records.ts'
import { openSharedControlStore } from '../support/control-store.ts'
import { componentOf, manifestOf } from '../support/manifests.ts'
import { digestOf } from '../support/ring-records.ts'

const places = { postgres: openSharedControlStore }

let tenant = 1_000
const commit = commitSha('b'.repeat(40))
const at = epochMs(1_700_000_000_123)

const everythingOfPromotion: Omit<Promotion, 'id' | 'key'> = {
  state: 'gated',
  task: 'rollback',
  candidate: { version: 42, digest: digestOf(42), commit },
  baseline: digestOf(41),
  requestedBy: { id: 2 ** 40, login: 'mona[bot]' },
  source: { kind: 'comment', issue: 3, comment: 2 ** 41 },
  reason: `it's "urgent" \\ 日本 🚀`,
  parameters: { region: 'eu', __proto__x: 'y' },
  hotfix: true,
  override: { by: { id: 1, login: 'admin' }, reason: 'fire' },
  pullRequest: 12,
  requestedAt: at,
  expiresAt: epochMs(at + 1),
  verdicts: [
    { gate: 'soak', verdict: 'wait', reason: 'soaking', words: '5 m left', until: epochMs(at + 9), remedy: 'Wait.' },
    { gate: 'checks', verdict: 'pass', reason: 'ok', words: '' },
  ],
  end: { reason: 'soaking', words: 'held' },
  supersededBy: 'p-9',
  deployment: 5,
  run: 77,
  waitingJob: 78,
}

const everythingOfDeployment: Omit<RingDeployment, 'id' | 'key'> = {
  promotion: 'p-1',
  githubId: 2 ** 42,
  version: 42,
  digest: digestOf(42),
  commit,
  state: 'rolling_back',
  reason: 'validation_failed',
  words: 'smoke failed',
  task: 'rollback',
  createdAt: at,
  since: epochMs(at + 1),
  activatedAt: epochMs(at + 2),
  runId: 77,
  url: 'https://staging.example',
  organisation: { REGION: 'eu', REPLICAS: 3, DEBUG: false },
  checks: [{ kind: 'failed', words: 'smoke', evidence: 'exit 1', attempts: 2, took_ms: 12.5 }],
  replaces: 3,
  ends: 4,
}

describe.each(Object.entries(places))('ControlStore on %s', (_, open) => {
  let place: Awaited<ReturnType<typeof open>>
  let key = ringKeyOf(tenant)
  const { repository, solution } = key
  const run = <T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> => place.store.transaction({ tenant }, work)

  beforeAll(async () => {
    place = await open()
  })
  afterAll(() => place[Symbol.asyncDispose]())
  // A tenant of its own for each test: that none meets another's records is what the store promises.
  beforeEach(() => {
    tenant += 1
    key = ringKeyOf(tenant)
  })

  it('gives back what was saved: repositories, promotions, deployments', async () => {
    const record = { tenant, repository, owner: 'octo', name: 'shop', defaultBranch: 'main', removedAt: undefined }
    const bare = promotionOf(key, { id: 'p-bare' })
    const full = promotionOf(key, { id: 'p-full', ...everythingOfPromotion })
    await run(async tx => {
      await tx.repositories.put({ ...record, name: 'old' })
      await tx.repositories.put({ ...record, removedAt: at })
      await tx.promotions.add(bare)
      await tx.promotions.add(promotionOf(key, { id: 'p-full' }))
      await tx.promotions.save(full)
      const first = await tx.deployments.add(deploymentOf(key))
      const second = await tx.deployments.add(deploymentOf(key))
      expect(second).toBeGreaterThan(first)
      await tx.deployments.save({ id: second, key, ...everythingOfDeployment })
      expect(await tx.deployments.read(first)).toEqual({ id: first, ...deploymentOf(key) })
      expect(await tx.deployments.findByGithub(repository, 2 ** 42)).toEqual({
        id: second,
        key,
        ...everythingOfDeployment,
      })
      expect(await tx.deployments.findByGithub(repository, 1)).toBeUndefined()
    })
    await run(async tx => {
      expect(await tx.repositories.list()).toEqual([{ ...record, removedAt: at }])
      expect(await tx.repositories.read(repository)).toEqual({ ...record, removedAt: at })
      expect(await tx.promotions.read('p-bare')).toEqual(bare)
      expect(await tx.promotions.read('p-full')).toEqual(full)
      expect(await tx.promotions.read('p-none')).toBeUndefined()
    })
  })

  it('keeps what PostgreSQL has no place for as the character that says so', async () => {
    const words = 'before\0after \ud800'
    await run(async tx => {
      await tx.promotions.add(promotionOf(key, { id: 'p', reason: words, parameters: { [words]: words } }))
      const readable = 'before\u{fffd}after \u{fffd}'
      expect(await tx.promotions.read('p')).toMatchObject({ reason: readable, parameters: { [readable]: readable } })
    })
  })

  it.each<Promotion['source']>([
    { kind: 'button', checkRun: 5, issue: undefined },
    { kind: 'button', checkRun: 5, issue: 6 },
    { kind: 'api' },
    { kind: 'run', run: 9 },
    { kind: 'automatic', after: 'ring_before' },
  ])('gives back where a promotion was asked for: $kind', async source => {
    await run(async tx => {
      await tx.promotions.add(promotionOf(key, { id: 'p', source }))
      expect((await tx.promotions.read('p'))?.source).toEqual(source)
    })
  })

  it('refuses to save what is not there', async () => {
    await expect(run(tx => tx.promotions.save(promotionOf(key, { id: 'none' })))).rejects.toThrow(RangeError)
    await expect(run(tx => tx.deployments.save({ id: 99, ...deploymentOf(key) }))).rejects.toThrow(RangeError)
    await expect(run(tx => tx.effects.begin('none'))).rejects.toThrow(RangeError)
    await expect(run(tx => tx.answers.put('none', approvalOf()))).rejects.toThrow(RangeError)
    await expect(run(tx => tx.subscribers.disable(99, 'gone'))).rejects.toThrow(RangeError)
  })

  it('finds promotions by whatever is known of them, the newest first', async () => {
    const other = ringKeyOf(tenant, { ring: 'production' })
    await run(async tx => {
      await tx.promotions.add(promotionOf(key, { id: 'a', pullRequest: 3, run: 9 }))
      await tx.promotions.add(promotionOf(other, { id: 'b', pullRequest: 3 }))
      await tx.promotions.add(
        promotionOf(key, { id: 'c', state: 'refused', candidate: { version: 1, digest: digestOf(1), commit } }),
      )
      const found = async (query: Parameters<typeof tx.promotions.find>[0]): Promise<string[]> =>
        (await tx.promotions.find(query)).map(({ id }) => id)
      expect(await found({})).toEqual(['c', 'b', 'a'])
      expect(await found({ open: true })).toEqual(['b', 'a'])
      expect(await found({ repository, ring: 'staging' })).toEqual(['c', 'a'])
      expect(await found({ solution: 'other' })).toEqual([])
      expect(await found({ pullRequest: 3 })).toEqual(['b', 'a'])
      expect(await found({ repository, run: 9 })).toEqual(['a'])
      expect(await found({ repository, commit })).toEqual(['c'])
      expect(await found({ before: 'c', limit: 1 })).toEqual(['b'])
      expect((await tx.promotions.open(key)).map(({ id }) => id)).toEqual(['a'])
    })
  })

  it('gives every promotion of a thousand on exactly one page', async () => {
    const ids = Array.from({ length: 1_000 }, (__, n) => `p-${n}`)
    await run(async tx => {
      for (const id of ids) await tx.promotions.add(promotionOf(key, { id }))
    })
    const pages: string[] = []
    for (let before: string | undefined; ; before = pages.at(-1)) {
      const page = await run(tx => tx.promotions.find({ repository, before, limit: 300 }))
      if (page.length === 0) break
      pages.push(...page.map(({ id }) => id))
    }
    expect(pages).toEqual(ids.toReversed())
  })

  it('tells of a ring what is unfinished, what is newest and all of a digest', async () => {
    const other = ringKeyOf(tenant, { ring: 'production' })
    await run(async tx => {
      const superseded = { state: 'superseded', activatedAt: at } as const
      const waiting = await tx.deployments.add(deploymentOf(key, { state: 'active', activatedAt: at }))
      const asked = await tx.deployments.add(deploymentOf(key, { ...superseded, digest: digestOf(2) }))
      await tx.deployments.add(deploymentOf(key, superseded))
      const newest = await tx.deployments.add(deploymentOf(key, superseded))
      await tx.deployments.add(deploymentOf(other, { digest: digestOf(2) }))
      const ids = async (of?: Parameters<typeof tx.deployments.history>[1]): Promise<number[]> =>
        (await tx.deployments.history(key, of)).map(({ id }) => id)
      expect(await ids()).toHaveLength(4)
      expect(await ids({ limit: 1 })).toEqual([waiting, newest])
      expect(await ids({ limit: 1, digest: digestOf(2) })).toEqual([waiting, asked, newest])
    })
  })

  it('counts the deployments that hold a slot: begun, not ended, and not one that was active', async () => {
    await run(async tx => {
      for (const state of ['queued', 'building', 'deploying', 'validating', 'rolling_back', 'failed'] as const)
        await tx.deployments.add(deploymentOf(key, { state }))
      await tx.deployments.add(deploymentOf(key, { state: 'active', activatedAt: at }))
      await tx.deployments.add(deploymentOf(key, { state: 'rolling_back', activatedAt: at }))
      expect(await tx.deployments.slotsTaken(repository)).toBe(4)
      expect(await tx.deployments.slotsTaken(1)).toBe(0)
    })
  })

  it('[M5] moves a pointer by one revision at a time, and refuses every other move', async () => {
    await run(async tx => {
      const made = await tx.rings.lock(key, 'staging-old')
      expect(made).toEqual({
        key,
        environment: 'staging-old',
        lifecycle: 'active',
        pointer: { name: 'staging', deployment: undefined, revision: 0 },
      })
      const id = await tx.deployments.add(deploymentOf(key))
      await tx.rings.point(key, { name: 'staging', deployment: id, revision: 1 })
      await tx.rings.setLifecycle(key, 'paused')
      const ring = {
        ...made,
        environment: 'eu',
        lifecycle: 'paused',
        pointer: { name: 'staging', deployment: id, revision: 1 },
      }
      expect(await tx.rings.lock(key, 'eu')).toEqual(ring)
      expect(await tx.rings.read(key)).toEqual(ring)
      expect(await tx.rings.list(repository)).toEqual([ring])
    })
    for (const revision of [0, 1, 3]) {
      const moved = run(tx => tx.rings.point(key, { name: 'staging', deployment: undefined, revision }))
      await expect(moved).rejects.toMatchObject({ code: 'pointer_moved' })
    }
    expect((await run(tx => tx.rings.read(key)))?.pointer.revision).toBe(1)
    await run(tx => tx.rings.point(key, { name: 'staging', deployment: undefined, revision: 2 }))
    expect((await run(tx => tx.rings.read(key)))?.pointer.deployment).toBeUndefined()
  })

  it('keeps one lock per ring and one for the repository, and forgets those that expired', async () => {
    const lock = {
      ring: { solution, ring: 'staging' },
      by: { id: 1, login: 'mona' },
      reason: 'migration',
      since: at,
      until: undefined,
      pullRequest: 3,
    }
    await run(async tx => {
      await tx.rings.setLock(repository, lock.ring, { ...lock, reason: undefined })
      await tx.rings.setLock(repository, lock.ring, lock)
      const whole = { ...lock, ring: undefined, until: epochMs(tx.now + 60_000) }
      await tx.rings.setLock(repository, undefined, whole)
      await tx.rings.setLock(repository, undefined, whole)
      expect(await tx.rings.locks(repository)).toEqual([whole, lock])
      await tx.rings.setLock(repository, undefined, { ...whole, until: tx.now })
      expect(await tx.rings.locks(repository)).toEqual([lock])
      await tx.rings.setLock(repository, lock.ring, undefined)
      expect(await tx.rings.locks(repository)).toEqual([])
    })
  })

  it('keeps the newest answer of a person, given in one way, and those of others', async () => {
    await run(async tx => {
      await tx.promotions.add(promotionOf(key, { id: 'p' }))
      const yes = approvalOf({ teams: ['ops', 'dev'] })
      const onGithub = approvalOf({ via: 'github', at: epochMs(yes.at + 1) })
      const other = approvalOf({ person: { id: 9, login: 'mona' }, at: epochMs(yes.at + 2), answer: 'rejected' })
      const no = { ...yes, answer: 'rejected', at: epochMs(yes.at + 3) } as const
      for (const answer of [yes, onGithub, other, no, yes]) await tx.answers.put('p', answer)
      await tx.answers.put(
        'p',
        approvalOf({
          binding: { ...yes.binding, candidate: digestOf(2), baseline: digestOf(3) },
          person: { id: 10, login: 'x' },
        }),
      )
      expect(await tx.answers.list(key, digestOf(1))).toEqual([onGithub, other, no])
      expect((await tx.answers.list(key, digestOf(2)))[0]?.binding.baseline).toBe(digestOf(3))
      expect(await tx.answers.list(ringKeyOf(tenant, { ring: 'x' }), digestOf(1))).toEqual([])
    })
  })

  it('keeps whom people let out of quarantine', async () => {
    await run(async tx => {
      await tx.answers.release(key, { digest: digestOf(1), at, by: 7 })
      await tx.answers.release(key, { digest: digestOf(1), at: epochMs(at + 5), by: 8 })
      expect(await tx.answers.releases(key)).toEqual([{ ring: 'staging', digest: digestOf(1), at: at + 5 }])
    })
  })

  it('takes the place of a draft by its version, and knows every commit that an artifact was built at', async () => {
    const { files: _files, ...manifest } = manifestOf({
      components: [
        componentOf('triage', { input: { type: 'object' }, timeoutMs: 5, uses: [{ kind: 'local', component: 'x' }] }),
      ],
      config: { repository: { A: 1 }, solution: {}, rings: { staging: { B: true } } },
    })
    const draft = artifactOf(key, { pullRequest: 3, manifest })
    const version = { ...draft, version: 42, commit, pullRequest: undefined, builtAt: epochMs(at + 1) }
    const again = { ...version, commit: commitSha('c'.repeat(40)), builtAt: epochMs(at + 2) }
    await run(async tx => {
      await tx.artifacts.put(draft)
      expect(await tx.artifacts.read(key, draft.digest)).toEqual(draft)
      await tx.artifacts.put(version)
      await tx.artifacts.put(again)
      await tx.artifacts.put({ ...draft, version: 43, digest: digestOf(43) })
      expect(await tx.artifacts.version(key, 42)).toEqual(version)
      expect(await tx.artifacts.ofCommit(key, again.commit)).toEqual(again)
      expect(await tx.artifacts.ofCommit(key, draft.commit)).toMatchObject({ version: 43 })
      expect(await tx.artifacts.ofCommit(key, commitSha('d'.repeat(40)))).toBeUndefined()
      const numbers = async (page: { below?: number; limit: number }): Promise<unknown[]> =>
        (await tx.artifacts.versions(key, page)).map(artifact => artifact.version)
      expect(await numbers({ limit: 5 })).toEqual([43, 42])
      expect(await numbers({ below: 43, limit: 5 })).toEqual([42])
      expect(await numbers({ limit: 1 })).toEqual([43])
    })
    const taken = run(tx => tx.artifacts.put({ ...version, digest: digestOf(9) }))
    await expect(taken).rejects.toMatchObject({ code: 'request_invalid' })
  })

  it('lists what was built and is no version, each draft once, by its newest build', async () => {
    const solution = { ...key, solution: 'drafts' }
    const draftOf = (number: number, rest: Partial<ArtifactRecord> = {}): ArtifactRecord =>
      artifactOf(solution, { digest: digestOf(number), content: digestOf(100 + number), pullRequest: number, ...rest })
    await run(async tx => {
      for (const number of [1, 2, 3]) await tx.artifacts.put(draftOf(number))
      // Merged: it is a version now. Of another pull request: the same content, built again.
      await tx.artifacts.put(draftOf(2, { version: 1, pullRequest: undefined }))
      await tx.artifacts.put(draftOf(1, { commit: commitSha('e'.repeat(40)), pullRequest: 9 }))
      const list = async (page: { before?: number; limit: number }) =>
        (await tx.artifacts.drafts(solution, page)).map(({ artifact, seq }) => ({ ...artifact, seq }))
      const all = await list({ limit: 5 })
      expect(all.map(({ digest, pullRequest }) => [digest, pullRequest])).toEqual([
        [digestOf(1), 9],
        [digestOf(3), 3],
      ])
      expect(await list({ limit: 1 })).toEqual(all.slice(0, 1))
      expect(await list({ before: all[0]?.seq ?? 0, limit: 5 })).toEqual(all.slice(1))
    })
  })

  it('keeps what was shown in a conversation', async () => {
    await run(async tx => {
      expect(await tx.conversations.read(repository, 3)).toBeUndefined()
      const fresh = await tx.conversations.lock(repository, 3)
      expect(fresh).toEqual({
        tenant,
        repository,
        issue: 3,
        comment: undefined,
        head: undefined,
        shown: {},
        answer: undefined,
      })
      const saved = { ...fresh, comment: 9, head: { commit, seq: 5 }, shown: { support: digestOf(1) }, answer: '*no*' }
      await tx.conversations.save(saved)
      expect(await tx.conversations.lock(repository, 3)).toEqual(saved)
      expect(await tx.conversations.read(repository, 3)).toEqual(saved)
    })
  })

  it('takes a command once, and tells what a person sent of late', async () => {
    const now = await run(async tx => {
      expect(await tx.commands.take({ key: 'comment 1', actor: 7, admitted: true })).toBe(true)
      expect(await tx.commands.take({ key: 'comment 1', actor: 7, admitted: false })).toBe(false)
      expect(await tx.commands.take({ key: 'comment 2', actor: 8, admitted: true })).toBe(true)
      return tx.now
    })
    await run(async tx => {
      expect(await tx.commands.take({ key: 'comment 3', actor: 7, admitted: false })).toBe(true)
      expect(await tx.commands.recent(7)).toEqual([
        { at: now, admitted: true },
        { at: tx.now, admitted: false },
      ])
    })
  })

  it('gives the effects of a lane in the order in which they were wanted, and a deed once', async () => {
    await run(async tx => {
      await tx.effects.want([deedOf(key, 2), deedOf(key, 1), deedOf(key, 3, 'other')])
      await tx.effects.want([deedOf(key, 2), deedOf(key, 2)])
      const first = await tx.effects.next('lane')
      expect(first).toEqual({ effect: deedOf(key, 2), state: 'wanted', revision: 1, attempts: 0, wantedAt: tx.now })
      if (first === undefined) return
      await tx.effects.begin(first.effect.key)
      expect(await tx.effects.next('lane')).toMatchObject({ state: 'begun', attempts: 1 })
      await tx.effects.fail(first, 'GitHub said 422')
      const second = await tx.effects.next('lane')
      expect(second?.effect).toEqual(deedOf(key, 1))
      if (second === undefined) return
      await tx.effects.begin(second.effect.key)
      await tx.effects.finish(second, { id: 5, url: 'https://x' })
      expect(await tx.effects.next('lane')).toBeUndefined()
      expect(await tx.effects.receipt(second.effect.key)).toEqual({ id: 5, url: 'https://x' })
      expect(await tx.effects.receipt(first.effect.key)).toBeUndefined()
      await tx.effects.want([deedOf(key, 2), deedOf(key, 1)])
      expect(await tx.effects.next('lane')).toBeUndefined()
    })
  })

  it('brings a display up to date as often as it is wanted, and leaves no wish out', async () => {
    const shown = show({ tenant, repository }, { kind: 'conversation', issue: 3 })
    const next = (tx: ControlTransaction) => tx.effects.next(shown.lane)
    await run(async tx => {
      await tx.effects.want([shown, shown])
      expect(await next(tx)).toMatchObject({ effect: shown, state: 'wanted', revision: 2 })
      await tx.effects.begin(shown.key)
      const begun = await next(tx)
      // Wanted while it is being done: whoever does it next must look first, because nobody knows how this one ends.
      await tx.effects.want([shown])
      expect(await next(tx)).toMatchObject({ state: 'begun', revision: 3, attempts: 1 })
      if (begun === undefined) return
      await tx.effects.finish(begun, { comment: 5 })
      const again = await next(tx)
      expect(again).toMatchObject({ state: 'wanted', revision: 3 })
      expect(await tx.effects.receipt(shown.key)).toEqual({ comment: 5 })
      if (again === undefined) return
      await tx.effects.begin(shown.key)
      await tx.effects.finish(again, { comment: 6 })
      expect(await next(tx)).toBeUndefined()
      await tx.effects.want([shown])
      expect(await next(tx)).toMatchObject({ state: 'wanted', revision: 4, attempts: 0 })
      expect(await tx.effects.receipt(shown.key)).toEqual({ comment: 6 })
      await tx.effects.fail(again, 'of an earlier wish')
      expect(await next(tx)).toMatchObject({ state: 'wanted' })
    })
  })

  it('queues the work of a lane once, and none for a deed that is known', async () => {
    const work = [{ kind: 'effects', tenant, lane: 'lane' }]
    await run(async tx => {
      await tx.effects.want([deedOf(key, 1), deedOf(key, 2)])
      await tx.effects.want([deedOf(key, 3)])
    })
    expect(await place.queued(tenant)).toEqual(work)
    await run(tx => tx.effects.want([deedOf(key, 9, 'other'), deedOf(key, 1, 'other')]))
    expect(await place.queued(tenant)).toEqual([...work, { kind: 'effects', tenant, lane: 'other' }])
  })

  it('numbers events without a gap, and finds them by repository, type and deployment', async () => {
    const elsewhere = { ...key, repository: 43 }
    await run(async tx => {
      await tx.events.append({ type: 'deployment.active', key, data: { deployment: 5, words: 'a' } })
      await tx.events.append({ type: 'promotion.gated', key: elsewhere, data: {} })
    })
    const stored = await run(async tx => {
      await tx.events.append({ type: 'alert.slow_rollout', key, data: { deployment: 5 } })
      return tx.events.list({ limit: 10 })
    })
    expect(stored.map(({ seq, type }) => ({ seq, type }))).toEqual([
      { seq: 1, type: 'deployment.active' },
      { seq: 2, type: 'promotion.gated' },
      { seq: 3, type: 'alert.slow_rollout' },
    ])
    expect(stored[0]).toMatchObject({ key, data: { deployment: 5, words: 'a' } })
    expect(new Set(stored.map(({ id }) => id)).size).toBe(3)
    const seqs = (query: Omit<Parameters<ControlTransaction['events']['list']>[0], 'limit'>, limit = 10) =>
      run(async tx => (await tx.events.list({ ...query, limit })).map(({ seq }) => seq))
    expect(await seqs({ repository: 43 })).toEqual([2])
    expect(await seqs({ after: 1 }, 1)).toEqual([2])
    expect(await seqs({ deployment: 5 })).toEqual([1, 3])
    expect(await seqs({ deployment: 5, type: 'alert.slow_rollout', repository })).toEqual([3])
    expect(await seqs({ deployment: 6 })).toEqual([])
  })

  it('gives a thousand events in pages, each once and in their order', async () => {
    await run(async tx => {
      for (let n = 0; n < 1_000; n += 1) await tx.events.append({ type: 't', key, data: { n } })
    })
    const read: unknown[] = []
    for (let after = 0; after < 1_000; ) {
      const page = await run(tx => tx.events.list({ after, limit: 400 }))
      read.push(...page.map(({ data }) => data['n']))
      after = page.at(-1)?.seq ?? Number.POSITIVE_INFINITY
    }
    expect(read).toEqual(Array.from({ length: 1_000 }, (__, n) => n))
  })

  it('tells subscribers what happens from now on, as far as they want it and until they are disabled', async () => {
    const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
    const append = (type: string) => run(tx => tx.events.append({ type, key, data: {} }))
    const told = async () => (await place.queued(tenant)).map(work => (work.kind === 'events' ? work.subscriber : 0))
    await append('early')
    const [all, some, gone] = await run(async tx => [
      await tx.subscribers.add({ repository: 42, url: 'https://all', secret, types: [] }),
      await tx.subscribers.add({ repository: 42, url: 'https://some', secret, types: ['rare', 'never'] }),
      await tx.subscribers.add({ repository: 42, url: 'https://gone', secret, types: [] }),
    ])
    await run(tx => tx.subscribers.disable(gone, 'It answered 410.'))
    await append('usual')
    expect(await told()).toEqual([all])
    await append('rare')
    expect(await told()).toEqual([all, some])
    await run(async tx => {
      await tx.subscribers.progress(all, { kind: 'failed', retryAt: epochMs(5_000) })
      await tx.subscribers.progress(all, { kind: 'failed', retryAt: epochMs(5_000) })
      await tx.subscribers.progress(some, { kind: 'failed', retryAt: epochMs(5_000) })
      await tx.subscribers.progress(some, { kind: 'delivered', seq: 3 })
      await tx.subscribers.progress(some, { kind: 'delivered', seq: 2 })
    })
    const [first, second, third] = await run(tx => tx.subscribers.list(42))
    expect(first).toMatchObject({
      url: 'https://all',
      types: [],
      deliveredSeq: 1,
      failures: 2,
      retryAt: 5_000,
      disabled: undefined,
    })
    expect(second).toMatchObject({ types: ['rare', 'never'], deliveredSeq: 3, failures: 0, retryAt: undefined })
    expect(third).toMatchObject({ disabled: { words: 'It answered 410.' } })
    expect(JSON.stringify([first, second, third])).not.toContain('whsec_')
    expect(await run(tx => tx.subscribers.read(all))).toEqual({ ...first, secret })
  })

  it('lists the deployments of a ring, and what GitHub refused, in pages with the newest first', async () => {
    await run(async tx => {
      for (let n = 1; n <= 5; n += 1) await tx.deployments.add(deploymentOf(key, { digest: digestOf(n) }))
      await tx.deployments.add(deploymentOf({ ...key, ring: 'other' }))
      await tx.effects.want([deedOf(key, 1, 'a'), deedOf(key, 2, 'b'), deedOf({ ...key, repository: 43 }, 3, 'c')])
    })
    const first = await run(tx => tx.deployments.list(key, { limit: 3 }))
    const rest = await run(tx => tx.deployments.list(key, { before: first.at(-1)?.id, limit: 3 }))
    expect([...first, ...rest].map(({ digest }) => digest)).toEqual([5, 4, 3, 2, 1].map(digestOf))
    for (const lane of ['a', 'b', 'c']) {
      await run(async tx => {
        const record = await tx.effects.next(lane)
        if (record !== undefined) await tx.effects.fail(record, `no to ${lane}`)
      })
    }
    const [newest, ...older] = await run(tx => tx.effects.failed(key.repository, { limit: 10 }))
    expect(newest).toMatchObject({ words: 'no to b', state: 'failed', effect: deedOf(key, 2, 'b') })
    expect(older.map(({ words }) => words)).toEqual(['no to a'])
    expect(await run(tx => tx.effects.failed(key.repository, { before: newest?.seq, limit: 10 }))).toEqual(older)
  })

  it('tells what was done in one repository, and not in another whose id begins like it', async () => {
    const [about, near] = [{ repository: 4 }, { repository: 42 }]
    const append = (subject: string) =>
      run(tx =>
        tx.audit.append({
          actor: { id: 7, login: 'mona' },
          cause: { kind: 'api', id: 'r-1' },
          action: 'lock.taken',
          subject,
          before: null,
          after: { n: 1.5 },
        }),
      )
    const subjects = [
      auditSubject(about, { kind: 'repository' }),
      auditSubject(about, { kind: 'issue', issue: 3 }),
      auditSubject(near, { kind: 'repository' }),
      ringSubject({ ...about, solution: 'support', ring: 'staging' }),
      ringSubject({ ...near, solution: 'support', ring: 'staging' }),
    ]
    for (const subject of subjects) await append(subject)
    const found = await run(tx => tx.audit.list(4, { limit: 10 }))
    expect(found.map(({ subject }) => subject)).toEqual([
      'repository 4: support/staging',
      'repository 4: issue 3',
      'repository 4',
    ])
    expect(found[0]).toMatchObject({ tenant, seq: 4, action: 'lock.taken', after: { n: 1.5 } })
    expect(await run(tx => tx.audit.list(4, { before: 4, limit: 1 }))).toMatchObject([{ seq: 2 }])
  })

  it('tells a subscriber of its own repository alone, and forgets it', async () => {
    const secret = `whsec_${'A'.repeat(32)}`
    const id = await run(tx => tx.subscribers.add({ repository: 43, url: 'https://x', secret, types: [] }))
    await run(tx => tx.events.append({ type: 't', key, data: {} }))
    expect(await place.queued(tenant)).toEqual([])
    await run(tx => tx.events.append({ type: 't', key: { ...key, repository: 43 }, data: {} }))
    expect(await place.queued(tenant)).toEqual([{ kind: 'events', tenant, subscriber: id }])
    expect(await run(tx => tx.subscribers.list(42))).toEqual([])
    expect(await run(tx => tx.subscribers.list(43))).toMatchObject([{ id, repository: 43 }])
    await run(tx => tx.subscribers.remove(id))
    expect(await run(tx => tx.subscribers.read(id))).toBeUndefined()
  })

  it('leaves nothing of a transaction that failed: no record, no effect, no event, no work', async () => {
    const failed = run(async tx => {
      await tx.promotions.add(promotionOf(key, { id: 'p' }))
      await tx.effects.want([deedOf(key, 1)])
      await tx.subscribers.add({ repository: 42, url: 'https://all', secret: `whsec_${'A'.repeat(32)}`, types: [] })
      await tx.events.append({ type: 't', key, data: {} })
      await tx.queue.send({ kind: 'onward', tenant, deployment: 1 })
      await tx.events.list({ limit: 1 })
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await run(async tx => {
      expect(await tx.promotions.read('p')).toBeUndefined()
      expect(await tx.effects.next('lane')).toBeUndefined()
      expect(await tx.events.list({ limit: 1 })).toEqual([])
      expect(await tx.subscribers.list(42)).toEqual([])
    })
    expect(await place.queued(tenant)).toEqual([])
  })
})
