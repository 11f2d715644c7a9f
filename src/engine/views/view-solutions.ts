import type { Promotion } from '../../domain/promotion.ts'
import type { Ring } from '../../domain/ring.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import type { RingLock } from '../../domain/ring-lock.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import { type RingPointer, unsetPointer } from '../../domain/ring-pointer.ts'
import type { Solution } from '../../domain/solution.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { rememberPolicy, ringOf } from '../control/read-policy.ts'
import type { ShownRings } from './shown-rings.ts'

/** A ring as its rules state it and as it stands. */
export interface RingStanding {
  readonly solution: Solution
  readonly ring: Ring
  readonly pointer: RingPointer
  readonly lifecycle: RingRecord['lifecycle']
  /** What it points to. */
  readonly active: RingDeployment | undefined
  /** Promotions into it that have not ended, the newest first. */
  readonly open: readonly Promotion[]
  /** Locks that keep others out: its own and the repository's. */
  readonly locks: readonly RingLock[]
}

/** How every ring that is shown stands, in the order of the rings. */
export async function viewSolutions(
  ports: ControlPorts,
  key: RepositoryKey,
  { ringFile, isShown }: ShownRings,
): Promise<readonly RingStanding[]> {
  return await ports.store.transaction(key, async tx => {
    const stored = await readStored(tx, key)
    const standings: RingStanding[] = []
    for (const solution of ringFile.solutions) {
      for (const ring of ringsInOrder(solution)) {
        if (!isShown({ solution: solution.name, ring: ring.name })) continue
        standings.push(await standingOf(tx, { solution, ring }, stored))
      }
    }
    return standings
  })
}

/**
 * How one ring stands.
 *
 * @throws {RingwayError} `unknown_solution`, `unknown_ring`
 */
export async function viewRing(ports: ControlPorts, key: RingKey): Promise<RingStanding> {
  const { ringFile } = await rememberPolicy(ports, key)
  const place = ringOf(ringFile, key)
  return await ports.store.transaction(key, async tx => standingOf(tx, place, await readStored(tx, key)))
}

interface Stored {
  readonly records: readonly RingRecord[]
  readonly locks: readonly RingLock[]
  readonly open: readonly Promotion[]
}

async function readStored(tx: ControlTransaction, { repository }: RepositoryKey): Promise<Stored> {
  return {
    records: await tx.rings.list(repository),
    locks: await tx.rings.locks(repository),
    open: await tx.promotions.find({ repository, open: true, limit: 1_000 }),
  }
}

async function standingOf(
  tx: ControlTransaction,
  { solution, ring }: { readonly solution: Solution; readonly ring: Ring },
  { records, locks, open }: Stored,
): Promise<RingStanding> {
  const isHere = (key: { readonly solution: string; readonly ring: string }): boolean =>
    key.solution === solution.name && key.ring === ring.name
  const record = records.find(({ key }) => isHere(key))
  const pointer = record?.pointer ?? unsetPointer(ring.name)
  return {
    solution,
    ring,
    pointer,
    lifecycle: record?.lifecycle ?? 'active',
    active: await tx.deployments.read(pointer.deployment),
    open: open.filter(({ key }) => isHere(key)),
    locks: locks.filter(lock => lock.ring === undefined || isHere(lock.ring)),
  }
}
