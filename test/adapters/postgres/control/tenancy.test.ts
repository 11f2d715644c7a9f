import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { enterTenant } from '../../../../src/adapters/postgres/control/enter-tenant.ts'
import type { Database, Transaction } from '../../../../src/adapters/postgres/database.ts'
import { openDatabase } from '../../../../src/adapters/postgres/open-database.ts'
import { show } from '../../../../src/domain/effect.ts'
import type { RingKey } from '../../../../src/domain/ring-key.ts'
import { epochMs } from '../../../../src/domain/units.ts'
import type { ControlTransaction } from '../../../../src/ports/control-store.ts'
import {
  approvalOf,
  artifactOf,
  deedOf,
  deploymentOf,
  promotionOf,
  ringKeyOf,
} from '../../../support/control-records.ts'
import { openSharedControlStore } from '../../../support/control-store.ts'
import { testDatabaseUrl } from '../../../support/postgres.ts'
import { digestOf } from '../../../support/ring-records.ts'

/** Tables that hold nothing of what a tenant did, or that are asked before it is known whose turn it is. */
const open = ['inbox', 'call_budget', 'call_pause', 'audit_head', 'repository_directory']

const owner = ringKeyOf(1)
const stranger = 2
const secret = `whsec_${'A'.repeat(32)}`
const at = epochMs(1_700_000_000_000)
const lock = { by: { id: 1, login: 'marked' }, reason: 'marked', since: at, until: undefined, pullRequest: undefined }

/** What the owner has, under the ids that it got. */
interface Owned {
  readonly deployment: number
  readonly subscriber: number
}

type Methods<Group> = { readonly [M in keyof Group]: (tx: ControlTransaction, owned: Owned, key: RingKey) => unknown }
type Groups = Omit<ControlTransaction, 'now' | 'queue'>

/** Every method, asked about what the owner has; one that is added to the port and not here does not compile. */
const methods: { readonly [G in keyof Groups]: Methods<Groups[G]> } = {
  repositories: {
    read: (tx, _, key) => tx.repositories.read(key.repository),
    list: tx => tx.repositories.list(),
    put: (tx, _, { tenant, repository }) =>
      tx.repositories.put({ tenant, repository, owner: 'x', name: 'x', defaultBranch: 'x', removedAt: at }),
  },
  rings: {
    lock: (tx, _, key) => tx.rings.lock(key, 'other'),
    read: (tx, _, key) => tx.rings.read(key),
    list: (tx, _, key) => tx.rings.list(key.repository),
    point: (tx, _, key) => tx.rings.point(key, { name: key.ring, deployment: undefined, revision: 2 }),
    setLifecycle: (tx, _, key) => tx.rings.setLifecycle(key, 'archived'),
    locks: (tx, _, key) => tx.rings.locks(key.repository),
    setLock: (tx, _, key) => tx.rings.setLock(key.repository, undefined, undefined),
  },
  promotions: {
    add: (tx, _, key) => tx.promotions.add(promotionOf(key, { id: 'p' })),
    save: (tx, _, key) => tx.promotions.save(promotionOf(key, { id: 'p', state: 'refused' })),
    read: tx => tx.promotions.read('p'),
    open: (tx, _, key) => tx.promotions.open(key),
    find: tx => tx.promotions.find({}),
  },
  deployments: {
    add: (tx, _, key) => tx.deployments.add(deploymentOf(key, { githubId: 500 })),
    save: (tx, { deployment }, key) => tx.deployments.save({ id: deployment, ...deploymentOf(key), state: 'failed' }),
    read: (tx, { deployment }) => tx.deployments.read(deployment),
    history: (tx, _, key) => tx.deployments.history(key, { digest: digestOf(1) }),
    list: (tx, _, key) => tx.deployments.list(key, { limit: 5 }),
    findByGithub: (tx, _, key) => tx.deployments.findByGithub(key.repository, 500),
    unfinished: (tx, _, key) => tx.deployments.unfinished(key.repository),
    slotsTaken: (tx, _, key) => tx.deployments.slotsTaken(key.repository),
  },
  answers: {
    put: tx => tx.answers.put('p', approvalOf({ answer: 'rejected', at: epochMs(at * 2) })),
    list: (tx, _, key) => tx.answers.list(key, digestOf(1)),
    release: (tx, _, key) => tx.answers.release(key, { digest: digestOf(1), at: epochMs(at + 1), by: 3 }),
    releases: (tx, _, key) => tx.answers.releases(key),
  },
  artifacts: {
    put: (tx, _, key) => tx.artifacts.put(artifactOf(key, { version: 8 })),
    read: (tx, _, key) => tx.artifacts.read(key, digestOf(1)),
    version: (tx, _, key) => tx.artifacts.version(key, 7),
    ofCommit: (tx, _, key) => tx.artifacts.ofCommit(key, artifactOf(key).commit),
    versions: (tx, _, key) => tx.artifacts.versions(key, { limit: 5 }),
    drafts: (tx, _, key) => tx.artifacts.drafts(key, { limit: 5 }),
  },
  conversations: {
    lock: (tx, _, key) => tx.conversations.lock(key.repository, 3),
    read: (tx, _, key) => tx.conversations.read(key.repository, 3),
    save: (tx, _, { tenant, repository }) =>
      tx.conversations.save({ tenant, repository, issue: 3, comment: 1, head: undefined, shown: {}, answer: 'x' }),
  },
  commands: {
    take: tx => tx.commands.take({ key: 'marked', actor: 7, admitted: false }),
    isTaken: tx => tx.commands.isTaken('marked'),
    recent: tx => tx.commands.recent(7),
  },
  notices: {
    // What a stranger noticed is a stranger's: under the same key it is there once for each.
    first: tx => tx.notices.first('marked'),
  },
  readiness: {
    read: (tx, _, key) => tx.readiness.read(key),
    save: (tx, _, key) =>
      tx.readiness.save({ key, target: 1, readiness: { kind: 'no_target' }, lookedAt: at, proof: undefined }),
  },
  effects: {
    want: (tx, _, key) => tx.effects.want([show(key, { kind: 'conversation', issue: 3 })]),
    next: tx => tx.effects.next('marked'),
    begin: (tx, _, key) => tx.effects.begin(deedOf(key, 1).key),
    finish: (tx, _, key) =>
      tx.effects.finish({ effect: deedOf(key, 1), state: 'begun', revision: 1, attempts: 1, wantedAt: at }, { id: 9 }),
    fail: (tx, _, key) =>
      tx.effects.fail({ effect: deedOf(key, 1), state: 'begun', revision: 1, attempts: 1, wantedAt: at }, 'no'),
    failed: (tx, _, key) => tx.effects.failed(key.repository, { limit: 5 }),
    receipt: (tx, _, key) => tx.effects.receipt(deedOf(key, 2).key),
    openLanes: (tx, _, key) => tx.effects.openLanes(key.repository),
  },
  events: {
    append: (tx, _, key) => tx.events.append({ type: 'other', key, data: {} }),
    list: tx => tx.events.list({ limit: 5 }),
  },
  subscribers: {
    add: tx => tx.subscribers.add({ repository: 42, url: 'https://other', secret, types: [] }),
    list: tx => tx.subscribers.list(42),
    read: (tx, { subscriber }) => tx.subscribers.read(subscriber),
    remove: (tx, { subscriber }) => tx.subscribers.remove(subscriber),
    disable: (tx, { subscriber }) => tx.subscribers.disable(subscriber, 'x'),
    progress: (tx, { subscriber }) => tx.subscribers.progress(subscriber, { kind: 'delivered', seq: 99 }),
  },
  audit: {
    append: tx =>
      tx.audit.append({
        actor: { id: 1, login: 'x' },
        cause: { kind: 'system', id: 'x' },
        action: 'x.x',
        subject: 'x',
        before: null,
        after: null,
      }),
    list: tx => tx.audit.list(42, { limit: 5 }),
  },
}
const calls = Object.entries(methods).flatMap(([group, ofGroup]) =>
  Object.entries(ofGroup).map(([method, call]) => ({ name: `${group}.${method}`, call })),
)

describe('tenants in PostgreSQL', () => {
  let place: Awaited<ReturnType<typeof openSharedControlStore>>
  let owned: Owned
  let tables: string[]

  beforeAll(async () => {
    place = await openSharedControlStore()
    owned = await place.store.transaction({ tenant: owner.tenant }, async tx => {
      const { repository } = owner
      await tx.repositories.put({
        tenant: 1,
        repository,
        owner: 'marked',
        name: 'marked',
        defaultBranch: 'm',
        removedAt: undefined,
      })
      await tx.promotions.add(promotionOf(owner, { id: 'p', reason: 'marked' }))
      const deployment = await tx.deployments.add(
        deploymentOf(owner, { words: 'marked', githubId: 500, state: 'building' }),
      )
      await tx.rings.lock(owner, 'marked')
      await tx.rings.point(owner, { name: owner.ring, deployment, revision: 1 })
      await tx.rings.setLock(repository, undefined, { ring: undefined, ...lock })
      await tx.answers.put('p', approvalOf({ teams: ['marked'] }))
      await tx.answers.release(owner, { digest: digestOf(1), at, by: 1 })
      await tx.artifacts.put(artifactOf(owner, { version: 7 }))
      const fresh = await tx.conversations.lock(repository, 3)
      await tx.conversations.save({ ...fresh, answer: 'marked' })
      await tx.commands.take({ key: 'marked', actor: 7, admitted: true })
      await tx.notices.first('marked')
      const readiness = { kind: 'unknown', target: 'marked', words: 'marked' } as const
      await tx.readiness.save({ key: owner, target: deployment, readiness, lookedAt: at, proof: undefined })
      await tx.effects.want([deedOf(owner, 1, 'marked'), deedOf(owner, 2, 'marked')])
      await tx.effects.begin(deedOf(owner, 2).key)
      const second = { effect: deedOf(owner, 2), state: 'begun', revision: 1, attempts: 1, wantedAt: at } as const
      await tx.effects.finish(second, { url: 'marked' })
      await tx.effects.want([show({ tenant: 1, repository }, { kind: 'conversation', issue: 3 })])
      await tx.events.append({ type: 'marked', key: owner, data: {} })
      await tx.audit.append({
        actor: { id: 1, login: 'marked' },
        cause: { kind: 'system', id: 'x' },
        action: 'x.x',
        subject: 'marked',
        before: null,
        after: null,
      })
      return {
        deployment,
        subscriber: await tx.subscribers.add({ repository: 42, url: 'https://marked', secret, types: [] }),
      }
    })
    const sql = `select table_name::text as name from information_schema.columns
      where table_schema = $1 and column_name = 'tenant' order by 1`
    const found = await place.database.query(z.object({ name: z.string() }), sql, [place.database.schema])
    tables = found.map(({ name }) => name).filter(name => !open.includes(name))
  })
  afterAll(() => place[Symbol.asyncDispose]())

  /** Every row of the owner, as whoever is above the policies sees it. */
  const snapshot = () =>
    Promise.all(
      tables.map(async table => ({
        table,
        rows: await place.database.query(
          z.object({ row: z.unknown() }),
          `select to_jsonb(t) as row from ${table} t where tenant = $1 order by to_jsonb(t)::text`,
          [owner.tenant],
        ),
      })),
    )
  const asStranger = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    place.database.transaction(async tx => {
      await enterTenant(tx, stranger)
      return work(tx)
    })

  it('are asked about in every table: the owner has a row in each', async () => {
    expect(tables.length).toBeGreaterThan(14)
    const empty = (await snapshot()).filter(({ rows }) => rows.length === 0).map(({ table }) => table)
    expect(empty).toEqual([])
  })

  it.each(calls)('$name of another tenant neither reads nor changes a row', async ({ call }) => {
    const before = await snapshot()
    const key = { ...owner, tenant: stranger }
    // What is to be saved and is not there is refused; anything else would be another tenant's record.
    const result = await place.store
      .transaction({ tenant: stranger }, async tx => call(tx, owned, key))
      .catch((error: unknown) => {
        if (error instanceof RangeError) return undefined
        if (error instanceof Error && 'code' in error && error.code === 'pointer_moved') return undefined
        throw error
      })
    expect(JSON.stringify(result ?? null)).not.toMatch(/marked|"tenant":1\b/)
    expect(await snapshot()).toEqual(before)
  })

  it('are refused by name: a key of one in a transaction of another is a mistake of the program', async () => {
    const asked = place.store.transaction({ tenant: stranger }, tx => tx.promotions.open(owner))
    await expect(asked).rejects.toThrow('A transaction of tenant 2 was asked about tenant 1.')
  })

  it('do not see each other where a statement forgets whose rows it wants', async () => {
    const counted = z.object({ count: z.number() })
    for (const table of tables) {
      await asStranger(async tx => {
        const owners = `select count(*) from ${table} where tenant = ${owner.tenant}`
        expect(await tx.query(counted, owners), table).toEqual([{ count: 0 }])
        if (table === 'audit_entry') return
        expect(await tx.execute(`update ${table} set tenant = tenant where tenant = ${owner.tenant}`), table).toBe(0)
        expect(await tx.execute(`delete from ${table} where tenant = ${owner.tenant}`), table).toBe(0)
      })
    }
  })

  it('cannot write rows of each other', async () => {
    const sql = `insert into conversation (tenant, repository, issue) values ($1, 1, 1)`
    await expect(asStranger(tx => tx.execute(sql, [owner.tenant]))).rejects.toThrow('row-level security')
    await asStranger(tx => tx.execute(sql, [stranger]))
  })

  it('have every table under a policy that its owner obeys too', async () => {
    const sql = `select relname::text as name from pg_class
      where relnamespace = $1::regnamespace and relrowsecurity and relforcerowsecurity order by 1`
    const found = await place.database.query(z.object({ name: z.string() }), sql, [place.database.schema])
    expect(found.map(({ name }) => name)).toEqual(tables)
  })

  it('leave nothing behind: the next one who uses the connection is nobody', async () => {
    await asStranger(async () => undefined)
    const sql = `select current_setting('ringway.tenant', true) as tenant, current_user = session_user as self`
    const [left] = await place.database.query(z.object({ tenant: z.string().nullable(), self: z.boolean() }), sql)
    expect(left?.tenant ?? '').toBe('')
    expect(left?.self).toBe(true)
  })

  /** A database of a user who is no superuser, as somebody's own PostgreSQL has. */
  const openAs = async (attribute: 'nobypassrls' | 'bypassrls'): Promise<Database> => {
    const user = `plain_${randomBytes(6).toString('hex')}`
    const { database } = place
    await database.execute(`create role ${user} login password 'plain' ${attribute}`)
    onTestFinished(async () => {
      await database.execute(`drop owned by ${user}; drop role ${user}`)
    })
    await database.execute(`do $$ begin
      execute format('grant create on database %I to ${user}', current_database());
    end $$`)
    const url = (await testDatabaseUrl()).replace(/^(postgres(?:ql)?:[/]{2})[^@/]*@/, `$1${user}:plain@`)
    return openDatabase({ url }, { schema: user, connections: 2 })
  }

  it('are kept apart by the policies alone where the user of the database is below them', async () => {
    const plain = await openAs('nobypassrls')
    const within = <T>(tenant: number, work: (tx: Transaction) => Promise<T>): Promise<T> =>
      plain.transaction(async tx => {
        await enterTenant(tx, tenant)
        return work(tx)
      })
    const sql = 'insert into conversation (tenant, repository, issue) values ($1, 1, 1)'
    await within(owner.tenant, tx => tx.execute(sql, [owner.tenant]))
    expect(await within(owner.tenant, tx => tx.execute('select 1 from conversation'))).toBe(1)
    expect(await within(stranger, tx => tx.execute('select 1 from conversation'))).toBe(0)
    // Whoever has not said whose rows are wanted reads none at all.
    await expect(plain.execute('select 1 from conversation')).rejects.toThrow(/ringway[.]tenant|type bigint/)
    await plain.close()
  })

  it('are not begun with where nothing would keep them apart', async () => {
    await expect(openAs('bypassrls')).rejects.toThrow('has BYPASSRLS, so nothing would keep tenants apart')
  })
})
