import { commandOfButton } from '../../domain/command/button.ts'
import { show } from '../../domain/effect.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { answerText, refusalText } from '../../text/command-answer.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { issueOf } from '../control/move-promotion.ts'
import { readActor } from '../control/read-actor.ts'
import { readPolicy } from '../control/read-policy.ts'
import { readyCommand } from './carry-out-command.ts'
import type { CommandContext } from './command-context.ts'

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
  const command = commandOfButton(pressed.button, { solution, ring, digest: promotion.candidate.digest })
  if (command === undefined) return
  const context = await contextOf(ports, pressed, issueOf(promotion))
  const say = (text: string): Promise<void> => answer(context, pressed, text)
  try {
    const ready = await readyCommand(context, command)
    const done = await ports.store.transaction(pressed, async tx => {
      const key = `button ${pressed.delivery}`
      const isNew = await tx.commands.take({ key, actor: pressed.person.id, admitted: true })
      return isNew ? await ready(tx) : undefined
    })
    if (done !== undefined) await say(answerText(pressed.person.login, done))
  } catch (error) {
    if (!(error instanceof RingwayError) || error.kind === 'errored') throw error
    await say(refusalText(pressed.person.login, error))
  }
}

async function contextOf(
  ports: ControlPorts,
  pressed: PressedButton,
  issue: number | undefined,
): Promise<CommandContext> {
  const policy = await readPolicy(ports, pressed)
  const { github, ringFile } = policy
  const grants = ringFile.solutions.flatMap(solution =>
    solution.rings.map(ring => ringGrants(solution, ring, ringFile.allowedBots)),
  )
  const named = ringFile.solutions.flatMap(({ rings }) => rings.flatMap(ring => ring.gates.approvals?.from ?? []))
  const teams = named.flatMap(name => (name.startsWith('team:') ? [name.slice('team:'.length)] : []))
  const { tenant, repository, checkRun, person, delivery } = pressed
  return {
    tenant,
    repository,
    ports,
    policy,
    person,
    actor: await readActor(github, person, grants, teams),
    cause: { kind: 'button', id: delivery },
    source: { kind: 'button', checkRun, issue },
    id: checkRun,
    issue,
    pull: undefined,
    head: undefined,
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
