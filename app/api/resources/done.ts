import * as z from 'zod'
import type { Command } from '../../../src/domain/command/command.ts'
import type { Answer } from '../../../src/engine/commands/command-context.ts'
import { giveCommand } from '../../../src/engine/commands/give-command.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import type { AdmittedPerson } from '../admit.ts'
import { repositoryKeyOf } from './places.ts'
import { presentPromotion, presentVerdict, promotion, verdict } from './promotion.ts'

/** What came of something that somebody asked for. */
export const done = z.object({
  message: z.string().describe('What was done, for people.'),
  promotion: promotion.nullable().describe('The promotion that it is about, as it stands now.'),
  verdicts: z.array(verdict).optional().describe('Of `dry_run`: what the gates would say.'),
})

/** Free words of whoever asks, for people and the audit log: one line, and nothing in it that nobody sees. */
export const reasonWords = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'Expected one line of characters that can be seen')

interface Call {
  readonly who: AdmittedPerson
  readonly idempotencyKey: string | undefined
  readonly requestId: string
}

/** Carries out what a call asks for, as if it were a comment. @throws {RingwayError} what the refusal says */
export async function carryOut(
  control: ControlPorts,
  { who, idempotencyKey, requestId }: Call,
  command: Command,
): Promise<z.output<typeof done>> {
  const key = repositoryKeyOf(who)
  const given = { ...key, person: who.person, command, request: requestId, once: idempotencyKey }
  return await present(control, key, await giveCommand(control, given))
}

async function present(
  control: ControlPorts,
  key: { readonly tenant: number },
  { words, promotion: id, verdicts }: Answer,
): Promise<z.output<typeof done>> {
  const about = id === undefined ? undefined : await control.store.transaction(key, tx => tx.promotions.read(id))
  return {
    message: words,
    promotion: about === undefined ? null : presentPromotion(about),
    ...(verdicts === undefined ? {} : { verdicts: verdicts.map(presentVerdict) }),
  }
}
