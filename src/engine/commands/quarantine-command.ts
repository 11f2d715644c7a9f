import { ringSubject } from '../../domain/audit/audit-subject.ts'
import type { Command } from '../../domain/command/command.ts'
import { namedArtifactName } from '../../domain/command/named-artifact.ts'
import { resolveRing } from '../../domain/command/resolve-ring.ts'
import { isQuarantined } from '../../domain/deployment-history.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import { findArtifact } from '../control/find-artifact.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'
import { type CommandContext, expectAllowed, keyOf, type ReadyCommand, unlessRefused } from './command-context.ts'

/** `/unquarantine`: lets a version that was rolled back automatically in again, where it was kept out. */
export function quarantineCommand(
  context: CommandContext,
  command: Extract<Command, { kind: 'unquarantine' }>,
): ReadyCommand {
  const rings =
    command.ring === undefined
      ? context.policy.ringFile.solutions.flatMap(solution =>
          solution.rings.map(ring => ({ kind: 'ring', solution, ring }) as const),
        )
      : [unlessRefused(resolveRing(context.policy.ringFile, command.ring))]
  for (const resolved of rings) expectAllowed(context, { command }, resolved)
  return async tx => {
    const released: string[] = []
    let name = namedArtifactName(command.artifact)
    for (const resolved of rings) {
      const key = keyOf(context, resolved)
      const artifact = await findArtifact(tx, key, namedArtifactName(command.artifact)).catch(unlessUnknown)
      if (artifact === undefined) continue
      name = artifactName(artifact)
      const history = await tx.deployments.history(key, { digest: artifact.digest })
      const releases = (await tx.answers.releases(key)).filter(({ ring }) => ring === key.ring)
      if (!isQuarantined(history, artifact.digest, releases)) continue
      await tx.answers.release(key, { digest: artifact.digest, at: tx.now, by: context.person.id })
      await tx.audit.append({
        actor: context.person,
        cause: context.cause,
        action: 'quarantine.released',
        subject: ringSubject(key),
        before: { digest: artifact.digest },
        after: { reason: command.reason ?? null },
      })
      released.push(`${key.solution}/${key.ring}`)
    }
    if (released.length === 0) throw notQuarantined(name)
    await wakeWaiting(tx, context)
    return { words: `${name} is out of quarantine in ${released.join(', ')}.` }
  }
}

function unlessUnknown(error: unknown): undefined {
  if (error instanceof RingwayError && error.code === 'unknown_version') return undefined
  throw error
}

function notQuarantined(name: string): RingwayError {
  return new RingwayError({
    code: 'nothing_waiting',
    message: `${name} is in quarantine in none of these rings.`,
    remedy: 'Comment `/status` to see what holds it.',
  })
}
