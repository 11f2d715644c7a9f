import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readActor } from '../control/read-actor.ts'
import { readPolicy } from '../control/read-policy.ts'
import type { CommandContext } from './command-context.ts'

/** Who gives a command, and where. */
export interface CommandOrigin
  extends Pick<CommandContext, 'person' | 'cause' | 'source' | 'id'>,
    Partial<Pick<CommandContext, 'policy' | 'issue' | 'pull' | 'head' | 'givenAt'>> {
  /** The App through which the person gave it. */
  readonly app?: number | undefined
}

/** Puts together what every command needs to know: the rules in force, and what GitHub says of the person now. */
export async function makeContext(
  ports: ControlPorts,
  { tenant, repository }: RepositoryKey,
  origin: CommandOrigin,
): Promise<CommandContext> {
  const { app, issue, pull, head, givenAt, person, cause, source, id } = origin
  const policy = origin.policy ?? (await readPolicy(ports, { tenant, repository }))
  const { github, ringFile } = policy
  const rings = ringFile.solutions.flatMap(solution => solution.rings.map(ring => ({ solution, ring })))
  const grants = rings.map(({ solution, ring }) => ringGrants(solution, ring, ringFile.allowedBots))
  const approvers = rings.flatMap(({ ring }) => ring.gates.approvals?.from ?? [])
  const actor = await readActor(github, person, { grants, approvers })
  return {
    tenant,
    repository,
    ports,
    policy,
    person: { id: person.id, login: person.login },
    actor: { ...actor, ...(app === undefined ? {} : { kind: 'app', appId: app }) },
    cause,
    source,
    id,
    issue,
    pull,
    head,
    givenAt,
  }
}
