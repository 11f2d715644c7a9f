import * as z from 'zod'
import type { CommandName } from '../../domain/command/command.ts'
import type { MessageMoment } from '../../domain/message-template.ts'
import { key } from './key.ts'
import { commandWord, duration, message } from './texts.ts'

const wordsFor = (name: CommandName) =>
  key(z.array(commandWord).max(20).optional(), {
    meaning: `The first words that mean \`${name}\`, instead of the usual one; an empty list turns it off.`,
    default: `\`/${name}\``,
  })

const commandWords = {
  promote: wordsFor('promote'),
  rollback: wordsFor('rollback'),
  approve: wordsFor('approve'),
  reject: wordsFor('reject'),
  status: wordsFor('status'),
  diff: wordsFor('diff'),
  retry: wordsFor('retry'),
  lock: wordsFor('lock'),
  unlock: wordsFor('unlock'),
  pause: wordsFor('pause'),
  resume: wordsFor('resume'),
  undeploy: wordsFor('undeploy'),
  archive: wordsFor('archive'),
  unquarantine: wordsFor('unquarantine'),
  run: wordsFor('run'),
  help: wordsFor('help'),
} satisfies Readonly<Record<CommandName, z.ZodType>>

/** `commands` */
export const commandsSchema = z.strictObject({
  ...commandWords,
  ttl: key(duration.prefault('15m'), {
    meaning: 'How old a comment may be when it arrives. An older command is answered and not run.',
    unit: 'ms, s, m, h, d',
  }),
})

const messageFor = (meaning: string) => key(message.optional(), { meaning, default: "Ringway's own words" })

const messageTexts = {
  waiting: messageFor('When a promotion waits for its gates.'),
  refused: messageFor('When a gate or a person said no.'),
  deployed: messageFor('When a version became active.'),
  failed: messageFor('When it did not.'),
  'rolled-back': messageFor('When the version before was brought back.'),
} satisfies Readonly<Record<MessageMoment, z.ZodType>>

/** `messages` */
export const messagesSchema = z.strictObject(messageTexts)
