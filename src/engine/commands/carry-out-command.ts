import type { Command } from '../../domain/command/command.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { answerCommand } from './answer-command.ts'
import type { CommandContext, ReadyCommand } from './command-context.ts'
import { lifecycleCommand } from './lifecycle-command.ts'
import { lockCommand, showLockCommand, unlockCommand } from './lock-command.ts'
import { diffCommand, helpCommand, statusCommand } from './look-command.ts'
import { promoteCommand } from './promote-command.ts'
import { quarantineCommand } from './quarantine-command.ts'
import { retryCommand } from './retry-command.ts'
import { rollbackCommand } from './rollback-command.ts'

/**
 * Asks everything that a command needs to know of the outside; what it does is then done in one transaction. The same for comments,
 * buttons and the API.
 *
 * @throws {RingwayError} what the refusal says
 */
export async function readyCommand(context: CommandContext, command: Command): Promise<ReadyCommand> {
  switch (command.kind) {
    case 'promote':
      return await promoteCommand(context, command)
    case 'rollback':
      return rollbackCommand(context, command)
    case 'approve':
    case 'reject':
      return await answerCommand(context, command)
    case 'lock':
      return lockCommand(context, command)
    case 'unlock':
      return unlockCommand(context, command)
    case 'show_lock':
      return showLockCommand(context, command)
    case 'pause':
    case 'resume':
    case 'undeploy':
    case 'archive':
      return lifecycleCommand(context, command)
    case 'unquarantine':
      return quarantineCommand(context, command)
    case 'retry':
      return await retryCommand(context, command)
    case 'status':
      return statusCommand()
    case 'diff':
      return await diffCommand(context, command)
    case 'help':
      return helpCommand(context, command)
    case 'run':
      throw new RingwayError({
        code: 'feature_not_available',
        message: 'This version of Ringway starts no runs of components yet.',
        remedy: 'Call the component where its target serves it; `/status` shows the address of each ring.',
      })
  }
}
