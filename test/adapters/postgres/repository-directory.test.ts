import { describe, expect, it } from 'vitest'
import { enterTenant } from '../../../src/adapters/postgres/control/enter-tenant.ts'
import { repositoryRecords } from '../../../src/adapters/postgres/control/repository-records.ts'
import { tenantQueries } from '../../../src/adapters/postgres/control/tenant-queries.ts'
import type { Database } from '../../../src/adapters/postgres/database.ts'
import { createRepositoryDirectory } from '../../../src/adapters/postgres/repository-directory.ts'
import { epochMs } from '../../../src/domain/units.ts'
import { openTestDatabase } from '../../support/postgres.ts'

interface Stored {
  readonly tenant: number
  readonly repository: number
  readonly name: string
  readonly removed?: boolean
}

async function store(database: Database, { tenant, repository, name, removed }: Stored): Promise<void> {
  const [owner = '', short = ''] = name.split('/')
  const removedAt = removed === true ? epochMs(1) : undefined
  await database.transaction(async tx => {
    await enterTenant(tx, tenant)
    const records = repositoryRecords(tenantQueries(tx, tenant))
    await records.put({ tenant, repository, owner, name: short, defaultBranch: 'main', removedAt })
  })
}

describe('[A19] the directory of repositories', () => {
  it('finds those of every tenant, by name in any case and by id', async () => {
    const database = await openTestDatabase()
    const directory = createRepositoryDirectory(database)
    await store(database, { tenant: 7, repository: 99, name: 'acme/Shop' })
    await store(database, { tenant: 8, repository: 5, name: 'globex/vault' })
    const shop = { tenant: 7, repository: 99, owner: 'acme', name: 'Shop' }
    expect(await directory.byName('ACME', 'shop')).toEqual(shop)
    expect(await directory.byId(99)).toEqual(shop)
    expect(await directory.among([5, 99, 1])).toMatchObject([{ name: 'Shop' }, { name: 'vault' }])
    expect(await directory.byName('acme', 'vault')).toBeUndefined()
    expect(await directory.byName('acme', "shop' or true --")).toBeUndefined()
    expect(await directory.among([])).toEqual([])
  })
  it('follows names that change, and forgets what is gone', async () => {
    const database = await openTestDatabase()
    const directory = createRepositoryDirectory(database)
    await store(database, { tenant: 7, repository: 99, name: 'acme/shop' })
    await store(database, { tenant: 7, repository: 99, name: 'acme/store' })
    expect(await directory.byName('acme', 'shop')).toBeUndefined()
    expect(await directory.byName('acme', 'store')).toMatchObject({ repository: 99 })
    await store(database, { tenant: 7, repository: 99, name: 'acme/store', removed: true })
    expect(await directory.byId(99)).toBeUndefined()
    await store(database, { tenant: 7, repository: 99, name: 'acme/store' })
    expect(await directory.byId(99)).toMatchObject({ tenant: 7 })
  })
  it('knows the newer where events come late', async () => {
    const database = await openTestDatabase()
    const directory = createRepositoryDirectory(database)
    await store(database, { tenant: 7, repository: 99, name: 'acme/shop' })
    await store(database, { tenant: 9, repository: 99, name: 'globex/shop' })
    await store(database, { tenant: 7, repository: 100, name: 'acme/shop' })
    expect(await directory.byId(99)).toMatchObject({ tenant: 9, owner: 'globex' })
    expect(await directory.byName('acme', 'shop')).toMatchObject({ repository: 100 })
    expect(await directory.among([99])).toHaveLength(1)
  })
})
