import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { type DurationMs, durationMs, epochMs } from '../../domain/units.ts'
import type { SweepAgenda } from '../../ports/sweep-agenda.ts'
import { type PolicyOfRing, type RepositoryPolicy, readOrganisation, readPolicy } from '../control/read-policy.ts'
import { enterLostVersions, findLostVersions } from './find-lost-versions.ts'
import { hearMissed } from './hear-missed.ts'
import { meetWaiting } from './meet-waiting.ts'
import { readOutsideChanges } from './read-outside-changes.ts'
import type { SweepPorts } from './sweep-ports.ts'
import { takeOutsideChanges } from './take-outside-changes.ts'
import { type Activity, wakeOpen } from './wake-open.ts'

/** How often GitHub is asked about a repository: as often as something goes on there. */
const pauses = {
  open: durationMs(4 * 60_000),
  quiet: durationMs(60 * 60_000),
  unknown: durationMs(24 * 3_600_000),
}

/** The beginning of the names under which stands when repositories were looked at on GitHub. */
export const lookedMarks = 'looked '

/**
 * Brings what the App knows of a repository in line with GitHub, whatever was missed: open things are looked at again, commands are heard, jobs that
 * wait are met, versions are found, and what others did to its rings is taken in. Each part finds what it looks for without the others.
 */
export async function reconcileRepository(ports: SweepPorts, key: RepositoryKey): Promise<void> {
  const { agenda } = ports
  const pause = pauseOf(await wakeOpen(ports, key))
  const now = await agenda.now()
  const looked = await agenda.read(lookedMark(key))
  if (looked !== undefined && now < looked + pause) return
  const policy = await readPolicy(ports, key).catch(unlessUnreadable)
  const isSettled = policy === undefined || (await look(ports, policy, key))
  if (isSettled) await agenda.write(lookedMark(key), now)
}

/** Has GitHub asked about a repository now: something that the App did not do happened there. */
export async function lookSoon(agenda: SweepAgenda, key: RepositoryKey): Promise<void> {
  await agenda.write(lookedMark(key), epochMs(0))
  await agenda.queueRepository('reconcile', key)
}

/** @returns false when something is under way there that the App does not know, and has to be looked at again soon */
async function look(ports: SweepPorts, policy: RepositoryPolicy, key: RepositoryKey): Promise<boolean> {
  const lost = await findLostVersions(ports, policy, key)
  let isSettled = true
  for (const solution of policy.ringFile.solutions) {
    for (const ring of ringsInOrder(solution)) {
      const ringKey = { ...key, solution: solution.name, ring: ring.name }
      if (!(await reconcileRing(ports, { key: ringKey, policy, place: { solution, ring } }))) isSettled = false
    }
  }
  await enterLostVersions(ports, lost)
  // What people ask for is decided over what is there by now.
  await hearMissed(ports, policy, key)
  await meetWaiting(ports, policy.github, key)
  return isSettled
}

async function reconcileRing(
  ports: SweepPorts,
  asked: { readonly key: RingKey; readonly policy: RepositoryPolicy; readonly place: PolicyOfRing },
): Promise<boolean> {
  const { key, policy, place } = asked
  const changes = await readOutsideChanges(ports, asked)
  if (changes === 'underway') return false
  const { told, foreign, overwritten } = changes
  if (told.length === 0 && foreign.length === 0 && overwritten === undefined) return true
  const organisation = await readOrganisation(ports, policy.github)
  const { environment } = place.ring
  await ports.store.transaction(key, tx => takeOutsideChanges(ports, tx, { key, environment, changes, organisation }))
  return true
}

function pauseOf({ isOpen, isKnown }: Activity): DurationMs {
  return isOpen ? pauses.open : isKnown ? pauses.quiet : pauses.unknown
}

function lookedMark({ tenant, repository }: RepositoryKey): string {
  return `${lookedMarks}${tenant}/${repository}`
}

/** A repository without a ring file is none of ours; one whose ring file is broken waits until it is not. */
function unlessUnreadable(error: unknown): undefined {
  if (error instanceof RingwayError && error.kind === 'failed' && error.code !== 'app_not_installed') return undefined
  throw error
}
