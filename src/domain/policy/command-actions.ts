import type { Command } from '../command/command.ts'
import type { RingAction } from './ring-policy.ts'

/**
 * Everything that somebody must be allowed to do in the ring, for a command to be done; in every ring of the repository, where the command
 * means all of them.
 *
 * @param isOwnLock - for an unlock: whether the lock is the same person's
 */
export function actionsOf(command: Command, isOwnLock: boolean): readonly RingAction[] {
  switch (command.kind) {
    case 'promote':
      if (command.dryRun) return ['view']
      return [
        'promote',
        ...(command.hotfix ? ['hotfix' as const] : []),
        ...(command.skipOrder ? ['override' as const] : []),
      ]
    case 'retry':
      return ['promote']
    case 'approve':
    case 'reject':
      return ['approve']
    case 'pause':
    case 'resume':
      return ['pause']
    case 'unlock':
      return [isOwnLock ? 'lock' : 'unlock']
    case 'rollback':
    case 'lock':
    case 'undeploy':
    case 'archive':
    case 'unquarantine':
    case 'run':
      return [command.kind]
    case 'status':
    case 'diff':
    case 'show_lock':
    case 'help':
      return ['view']
  }
}
