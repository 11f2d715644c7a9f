import { commandOfButton } from '../../domain/command/button.ts'
import { show } from '../../domain/effect.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { answerText, refusalText } from '../../text/command-answer.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { issueOf } from '../control/issue-of.ts'
import { readyCommand } from './carry-out-command.ts'
import type { CommandContext } from './command-context.ts'
import { makeContext } from './make-context.ts'

/** A button of one of our check runs, pressed. */
export interface PressedButton extends RepositoryKey {
  readonly checkRun: number
  /** The promotion that the check run shows. */
  readonly promotion: string
  readonly button: string
  readonly person: Person
  /** The id of its delivery. */
  readonly delivery: string
}

/** Does what a button says: the same commands as in comments, about exactly what its check run shows. */
export async function pressButton(ports: ControlPorts, pressed: PressedButton): Promise<void> {
  const promotion = await ports.store.transaction(pressed, tx => tx.promotions.read(pressed.promotion))
  if (promotion === undefined || promotion.key.repository !== pressed.repository) return
  const { solution, ring } = promotion.key
  const command = commandOfButton(pressed.button, {
    solution,
    ring,
    digest: promotion.candidate.digest,
    promotion: promotion.id,
  })
  if (command === undefined) return
  const { person, checkRun, delivery } = pressed
  const issue = issueOf(promotion)
  const context = await makeContext(ports, pressed, {
    person,
    cause: { kind: 'button', id: delivery },
    source: { kind: 'button', checkRun, issue },
    id: checkRun,
    issue,
  })
  const verbs = context.policy.ringFile.commands.words
  const say = (text: string): Promise<void> => answer(context, pressed, text)
  try {
    const ready = await readyCommand(context, command)
    const done = await ports.store.transaction(pressed, async tx => {
      const key = `button ${delivery}`
      const isNew = await tx.commands.take({ key, actor: person.id, admitted: true })
      return isNew ? await ready(tx) : undefined
    })
    if (done !== undefined) await say(answerText(person.login, done, verbs))
  } catch (error) {
    if (!(error instanceof RingwayError) || error.kind === 'errored') throw error
    await say(refusalText(person.login, error, verbs))
  }
}

async function answer({ ports, issue }: CommandContext, pressed: PressedButton, text: string): Promise<void> {
  await ports.store.transaction(pressed, async tx => {
    await tx.effects.want([show(pressed, { kind: 'promotion', promotion: pressed.promotion })])
    if (issue === undefined) return
    const record = await tx.conversations.lock(pressed.repository, issue)
    await tx.conversations.save({ ...record, answer: text })
    await tx.effects.want([show(pressed, { kind: 'conversation', issue })])
  })
}
