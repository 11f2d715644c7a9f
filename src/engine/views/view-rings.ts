import type { RingResult } from '../../domain/result.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readPolicy } from '../control/read-policy.ts'

/** What every ring of a repository points to, in the order of the rings. */
export async function viewRings(
  ports: ControlPorts,
  { tenant, repository }: RepositoryKey,
): Promise<readonly RingResult[]> {
  const { ringFile } = await readPolicy(ports, { tenant, repository })
  return await ports.store.transaction({ tenant }, async tx => {
    const results: RingResult[] = []
    for (const solution of ringFile.solutions) {
      for (const ring of ringsInOrder(solution)) {
        const key = { tenant, repository, solution: solution.name, ring: ring.name }
        const active = await tx.deployments.read((await tx.rings.read(key))?.pointer.deployment)
        const newest = (await tx.deployments.history(key, { limit: 1 })).at(-1)
        results.push({
          solution: solution.name,
          ring: ring.name,
          environment: ring.environment,
          version: active === undefined ? null : artifactName(active),
          digest: active?.digest ?? null,
          state: newest?.state ?? null,
          newest: newest === undefined ? null : artifactName(newest),
          url: active?.url ?? null,
        })
      }
    }
    return results
  })
}
