import type { PromoteCommand } from '../../domain/command/command.ts'
import { readNamedArtifact } from '../../domain/command/named-artifact.ts'
import type { RunResult } from '../../domain/result.ts'
import { findRing } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { PromotionWish } from '../../domain/run-protocol.ts'
import { actorOf, type RunCaller } from '../assignments/run-caller.ts'
import { makeContext } from '../commands/make-context.ts'
import { promoteCommand } from '../commands/promote-command.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readPolicy } from '../control/read-policy.ts'

/** A run's wish for a promotion, judged like a comment of whoever started the run. @param once - known again when it is sent again */
export async function promoteForRun(
  ports: ControlPorts,
  caller: RunCaller,
  { wish, once }: { readonly wish: PromotionWish; readonly once: string },
): Promise<RunResult> {
  const policy = await readPolicy(ports, caller)
  const place = findRing(policy.ringFile, wish.environment)
  if (place === undefined) {
    throw new RingwayError({
      code: 'unknown_ring',
      message: `No ring of the ring file on the default branch uses the environment ${wish.environment}.`,
      remedy: 'Correct the name, or add the ring to the ring file of the default branch.',
    })
  }
  const { solution, ring } = place
  const person = actorOf(caller)
  const { claims } = caller
  const artifact = wish.artifact ?? (await newestVersion(ports, caller, solution.name))
  const command: PromoteCommand = {
    kind: 'promote',
    ring: { solution: solution.name, ring: ring.name },
    artifact: readNamedArtifact(artifact),
    reason: wish.reason,
    dryRun: wish.dryRun,
    hotfix: false,
    skipOrder: false,
    parameters: {},
  }
  const context = await makeContext(ports, caller, {
    policy,
    person,
    cause: { kind: 'run', id: String(claims.runId) },
    source: { kind: 'api' },
    id: claims.runId,
  })
  const ready = await promoteCommand(context, command)
  const answer = await ports.store.transaction(caller, async tx => {
    const isNew = wish.dryRun || (await tx.commands.take({ key: once, actor: person.id, admitted: true }))
    return isNew ? await ready(tx) : { words: 'It was asked for before.' }
  })
  return {
    schema_version: 1,
    command: 'promote',
    decision: wish.dryRun ? 'nothing' : 'done',
    reason_code: wish.dryRun ? 'dry_run' : 'ok',
    message: answer.words,
    solution: solution.name,
    ring: ring.name,
    environment: ring.environment,
    version: artifact.startsWith('v') ? artifact : undefined,
  }
}

async function newestVersion(ports: ControlPorts, caller: RunCaller, solution: string): Promise<string> {
  const { tenant, repository } = caller
  const [newest] = await ports.store.transaction(caller, tx =>
    tx.artifacts.versions({ tenant, repository, solution }, { limit: 1 }),
  )
  if (newest?.version !== undefined) return `v${newest.version}`
  throw new RingwayError({
    code: 'unknown_version',
    message: `Solution ${solution} has no version yet.`,
    remedy: 'A push to the default branch makes the first one.',
  })
}
