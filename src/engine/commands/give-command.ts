import type { Command } from '../../domain/command/command.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readyCommand } from './carry-out-command.ts'
import type { Answer } from './command-context.ts'
import { makeContext } from './make-context.ts'

/** A command that a person gave through the API. */
export interface GivenCommand extends RepositoryKey {
  readonly person: Person
  readonly command: Command
  /** The id of the request: the cause in the audit log. */
  readonly request: string
  /** By which the request is known again when it is sent again; absent: each is done. */
  readonly once: string | undefined
}

/**
 * Does what a person asked for through the API, as if it were a comment. A request that was carried out before, and whose answer was lost with the
 * replica that did it, changes nothing: its promotion is found by an id that follows from the request.
 *
 * @throws {RingwayError} what the refusal says
 */
export async function giveCommand(ports: ControlPorts, given: GivenCommand): Promise<Answer> {
  const { person, command, once } = given
  const text = once === undefined ? undefined : ports.sha256(`${once}\n${JSON.stringify(command)}`)
  if (text === undefined || isRehearsal(command)) return await carryOut(ports, given, async () => undefined)
  const key = `api ${text}`
  const id = `p${text.slice(0, 20)}`
  const before = await ports.store.transaction(given, async tx =>
    (await tx.commands.isTaken(key)) ? await repeated(tx, command, id) : undefined,
  )
  if (before !== undefined) return before
  return await carryOut({ ...ports, newId: () => id }, given, async tx => {
    const isNew = await tx.commands.take({ key, actor: person.id, admitted: true })
    return isNew ? undefined : await repeated(tx, command, id)
  })
}

/** @param before - gives the answer, in the transaction that would do it, when it was done before */
async function carryOut(
  ports: ControlPorts,
  { tenant, repository, person, command, request }: GivenCommand,
  before: (tx: ControlTransaction) => Promise<Answer | undefined>,
): Promise<Answer> {
  const context = await makeContext(
    ports,
    { tenant, repository },
    { person, cause: { kind: 'api', id: request }, source: { kind: 'api' }, id: 0 },
  )
  const ready = await readyCommand(context, command)
  return await ports.store.transaction({ tenant }, async tx => (await before(tx)) ?? (await ready(tx)))
}

function isRehearsal(command: Command): boolean {
  return command.kind === 'promote' && command.dryRun
}

async function repeated(tx: ControlTransaction, command: Command, id: string): Promise<Answer> {
  const made = await tx.promotions.read(id)
  const named = 'promotion' in command ? command.promotion : undefined
  return { words: 'It was done before.', promotion: made?.id ?? named }
}
