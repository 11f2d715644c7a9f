import { isWaiting } from '../promotion.ts'
import type { PromotionView } from '../promotion-view.ts'
import type { Sha256Digest } from '../units.ts'
import type { Command } from './command.ts'

/** The commands that a check run has a button for, in the order in which it shows them; GitHub takes three at most. */
export const buttonNames = ['promote', 'approve', 'rollback'] as const

/** A command that has a button. */
export type ButtonName = (typeof buttonNames)[number]

/** A button of a check run. GitHub takes 20 characters of identifier and label and 40 of description. */
export interface Button {
  readonly identifier: string
  readonly label: string
  readonly description: string
}

/** The buttons. The check run that they stand on names solution, ring and digest: an identifier is too short for them. */
export const buttons: Readonly<Record<ButtonName, Button>> = {
  promote: { identifier: 'promote', label: 'Promote', description: 'Places this version in this ring' },
  approve: { identifier: 'approve', label: 'Approve', description: 'Approves exactly what is shown here' },
  rollback: { identifier: 'rollback', label: 'Roll back', description: 'Brings back what ran here before' },
}

/** The buttons of a promotion's check run: those that lead somewhere as things stand. */
export function buttonsFor(
  view: Pick<PromotionView, 'promotion' | 'deployment' | 'active' | 'rollback'>,
): readonly Button[] {
  return buttonNames.filter(name => leadsOn[name](view)).map(name => buttons[name])
}

const leadsOn: Readonly<Record<ButtonName, (view: Parameters<typeof buttonsFor>[0]) => boolean>> = {
  // A rollback is asked for anew, for then it may have another target.
  promote: ({ promotion, deployment }) =>
    promotion.task === 'deploy' &&
    (promotion.state === 'refused' || promotion.state === 'expired' || deployment?.state === 'failed'),
  approve: ({ promotion }) =>
    isWaiting(promotion.state) &&
    promotion.verdicts.some(({ gate, verdict }) => gate === 'approvals' && verdict === 'wait'),
  rollback: ({ deployment, active, rollback }) =>
    deployment?.state === 'active' && deployment.id === active?.id && rollback?.kind !== 'no_target',
}

/**
 * The command that a pressed button is; undefined for a button of somebody else.
 *
 * @param shown - what the check run shows; pressing *Promote* means this digest, and *Approve* this promotion, and no newer one
 */
export function commandOfButton(
  identifier: string,
  shown: {
    readonly solution: string
    readonly ring: string
    readonly digest: Sha256Digest
    readonly promotion: string
  },
): Command | undefined {
  const name = buttonNames.find(known => buttons[known].identifier === identifier)
  const ring = { solution: shown.solution, ring: shown.ring }
  switch (name) {
    case 'promote':
      return {
        kind: 'promote',
        ring,
        artifact: { kind: 'digest', digest: shown.digest },
        dryRun: false,
        hotfix: false,
        skipOrder: false,
        parameters: {},
      }
    case 'approve':
      return { kind: 'approve', ring, promotion: shown.promotion }
    case 'rollback':
      return { kind: 'rollback', ring, quarantine: false }
    case undefined:
      return undefined
  }
}
