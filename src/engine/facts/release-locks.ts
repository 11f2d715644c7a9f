import { auditSubject } from '../../domain/audit/audit-subject.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { RingLock } from '../../domain/ring-lock.ts'
import type { RingFile } from '../../domain/solution.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { rememberPolicy } from '../control/read-policy.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'

/** A pull request that came to its end. */
export interface EndedPullRequest extends RepositoryKey {
  readonly pullRequest: number
  readonly how: 'merge' | 'close'
  /** The id of its delivery. */
  readonly delivery: string
}

/** Ends the locks that were taken on a pull request, in the rings that say so. */
export async function releaseLocks(ports: ControlPorts, ended: EndedPullRequest): Promise<void> {
  const { repository, pullRequest } = ended
  const held = await ports.store.transaction(ended, tx => tx.rings.locks(repository))
  if (!held.some(lock => lock.pullRequest === pullRequest)) return
  const { ringFile } = await rememberPolicy(ports, ended)
  await ports.store.transaction(ended, async tx => {
    for (const lock of await tx.rings.locks(repository)) {
      if (lock.pullRequest !== pullRequest || !isReleased(ringFile, lock, ended.how)) continue
      await tx.rings.setLock(repository, lock.ring, undefined)
      await tx.audit.append({
        actor: ports.self,
        cause: { kind: 'delivery', id: ended.delivery },
        action: 'lock.released',
        subject: auditSubject(
          { repository },
          lock.ring === undefined ? { kind: 'repository' } : { kind: 'ring', ...lock.ring },
        ),
        before: { by: lock.by.login },
        after: { because: `pull request #${pullRequest}: ${ended.how}` },
      })
    }
    await wakeWaiting(tx, ended)
  })
}

/** A lock of the whole repository goes when every ring says so. */
function isReleased(ringFile: RingFile, { ring }: RingLock, how: 'merge' | 'close'): boolean {
  const rings = ringFile.solutions.flatMap(solution =>
    solution.rings.filter(one => ring === undefined || (solution.name === ring.solution && one.name === ring.ring)),
  )
  return rings.length > 0 && rings.every(({ locks }) => locks.release.includes(how))
}
