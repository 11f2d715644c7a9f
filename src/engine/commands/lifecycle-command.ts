import { ringSubject } from '../../domain/audit/audit-subject.ts'
import type { Command } from '../../domain/command/command.ts'
import { resolveRing } from '../../domain/command/resolve-ring.ts'
import { isFinal } from '../../domain/deployment.ts'
import { isWaiting } from '../../domain/promotion.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { advancePromotion } from '../control/move-promotion.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'
import { turnAway } from '../promotions/turn-away.ts'
import {
  type CommandContext,
  expectAllowed,
  keyOf,
  lockRing,
  type ReadyCommand,
  unlessRefused,
} from './command-context.ts'

type LifecycleCommand = Extract<Command, { kind: 'pause' | 'resume' | 'undeploy' | 'archive' }>
type Lifecycle = RingRecord['lifecycle']

const steps: Readonly<
  Record<
    LifecycleCommand['kind'],
    { readonly from: readonly Lifecycle[]; readonly to: Lifecycle; readonly words: string }
  >
> = {
  pause: {
    from: ['active'],
    to: 'paused',
    words: 'is paused: nothing new starts in it; what it points to stays',
  },
  resume: { from: ['paused'], to: 'active', words: 'goes on' },
  undeploy: {
    from: ['active', 'paused'],
    to: 'undeployed',
    words: 'is undeployed: nothing is served; its pointer and its history stay, and a promotion deploys it again',
  },
  archive: {
    from: ['active', 'paused', 'undeployed'],
    to: 'archived',
    words: 'is archived: it can be read, and nothing enters it any more',
  },
}

/** `/pause`, `/resume`, `/undeploy` and `/archive`: what a ring takes in, whatever it points to. */
export function lifecycleCommand(context: CommandContext, command: LifecycleCommand): ReadyCommand {
  const resolved = unlessRefused(resolveRing(context.policy.ringFile, command.ring))
  const step = steps[command.kind]
  expectAllowed(context, { command }, resolved)
  return async tx => {
    const ring = await lockRing(tx, context, resolved)
    const { name } = resolved.ring
    if (ring.lifecycle === step.to) return { words: `${name} is ${step.to} already.` }
    if (!step.from.includes(ring.lifecycle)) throw notFrom(name, ring.lifecycle, command.kind)
    if (step.to === 'archived') await endWaiting(tx, ring)
    await tx.rings.setLifecycle(ring.key, step.to)
    await tx.audit.append({
      actor: context.person,
      cause: context.cause,
      action: `ring.${step.to}`,
      subject: ringSubject(keyOf(context, resolved)),
      before: ring.lifecycle,
      after: { lifecycle: step.to, reason: command.reason ?? null },
    })
    await tx.events.append({
      type: `ring.${step.to}`,
      key: ring.key,
      data: { by: context.person.login, reason: command.reason ?? null },
    })
    await wakeWaiting(tx, context)
    return { words: `${name} ${step.words}.` }
  }
}

/** Nothing enters an archived ring: what waits for it is refused, and what is on its way has to come to its end first. */
async function endWaiting(tx: ControlTransaction, ring: RingRecord): Promise<void> {
  const underWay = (await tx.deployments.history(ring.key)).find(({ state }) => state !== 'active' && !isFinal(state))
  if (underWay !== undefined) throw stillUnderWay(ring, artifactName(underWay))
  for (const promotion of (await tx.promotions.open(ring.key)).filter(({ state }) => isWaiting(state))) {
    const words = `${ring.key.ring} was archived`
    await advancePromotion(tx, promotion, { event: 'refused', reason: 'ring_archived', words })
    await turnAway(tx, ring, { promotion, words })
  }
}

function stillUnderWay({ key }: RingRecord, name: string): RingwayError {
  return new RingwayError({
    code: 'in_progress',
    message: `${name} is on its way in ${key.ring}, and an archived ring could not tell how that ends.`,
    remedy: `Archive ${key.ring} when it has ended; \`/status\` shows it.`,
  })
}

function notFrom(ring: string, lifecycle: Lifecycle, command: string): RingwayError {
  return new RingwayError({
    code: lifecycle === 'archived' ? 'ring_archived' : 'command_invalid',
    message: `${ring} is ${lifecycle}, and cannot take \`${command}\`.`,
    remedy: lifecycle === 'archived' ? 'Archiving is final.' : 'Comment `/status` to see how it stands.',
  })
}
