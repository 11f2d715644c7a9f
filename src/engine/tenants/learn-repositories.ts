import { RingwayError } from '../../domain/ringway-error.ts'
import type { ControlStore } from '../../ports/control-store.ts'
import type { Installations } from '../../ports/installations.ts'

/** What learning about tenants asks of the outside. */
export interface TenantPorts {
  readonly store: ControlStore
  readonly installations: Installations
}

/** Learns which repositories a tenant lets the App see now. One that is gone keeps its records, and is marked as gone. */
export async function learnRepositories({ store, installations }: TenantPorts, tenant: number): Promise<void> {
  const found = await readRepositories(installations, tenant)
  await store.transaction({ tenant }, async tx => {
    const known = await tx.repositories.list()
    for (const { id, fullName, defaultBranch } of found) {
      const [owner = '', name = ''] = fullName.split('/')
      await tx.repositories.put({ tenant, repository: id, owner, name, defaultBranch, removedAt: undefined })
    }
    for (const record of known) {
      if (record.removedAt !== undefined || found.some(({ id }) => id === record.repository)) continue
      await tx.repositories.put({ ...record, removedAt: tx.now })
    }
  })
}

/** Learns of every tenant: what was installed while the App was away is found. */
export async function learnTenants(ports: TenantPorts): Promise<void> {
  for await (const { id, suspended } of ports.installations.list()) {
    if (!suspended) await learnRepositories(ports, id)
  }
}

async function readRepositories(
  installations: Installations,
  tenant: number,
): Promise<readonly { readonly id: number; readonly fullName: string; readonly defaultBranch: string }[]> {
  try {
    const found = []
    for await (const repository of installations.repositories(tenant)) found.push(repository)
    return found
  } catch (error) {
    // Suspended or removed: it sees nothing any more.
    if (error instanceof RingwayError && error.code === 'app_not_installed') return []
    throw error
  }
}
