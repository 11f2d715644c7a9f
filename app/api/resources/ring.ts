import * as z from 'zod'
import { type Grant, grantName } from '../../../src/domain/policy/grant.ts'
import { ringGrants } from '../../../src/domain/policy/ring-grants.ts'
import { ringActions } from '../../../src/domain/policy/ring-policy.ts'
import type { RingStanding } from '../../../src/engine/views/view-solutions.ts'
import type { NamedRepository } from '../../../src/ports/user-tokens.ts'
import { deployment, presentDeployment } from './deployment.ts'
import { instant } from './instant.ts'
import { lock, presentLock } from './lock.ts'
import { ringPath } from './places.ts'
import { presentPromotion, promotion } from './promotion.ts'

/** A ring as it stands. */
export const ring = z.object({
  solution: z.string(),
  ring: z.string(),
  after: z.string().nullable().describe('The ring before it.'),
  environment: z.string().describe('The GitHub Environment that it uses.'),
  status: z.enum(['active', 'paused', 'undeployed', 'archived']),
  pointer: z.object({
    deployment: z.int().nullable(),
    revision: z.int().describe('Rises by one with each move.'),
  }),
  active: deployment.nullable().describe('What it points to.'),
  promotion: promotion.nullable().describe('What waits to enter it, or is on its way.'),
  locks: z.array(lock),
  history: z.string().describe('The path of its deployments.'),
})

const approvals = z.object({
  count: z.int(),
  from: z.array(z.string()).describe('Teams and people; empty: whoever may approve.'),
  self: z.boolean(),
  authors: z.boolean(),
  expiry_ms: z.number(),
  github_reviews: z.enum(['count', 'ignore']),
})

const gates = z.object({
  approvals: approvals.nullable(),
  soak_ms: z.number(),
  checks: z.union([z.enum(['none', 'required', 'all']), z.array(z.string())]),
  windows: z.array(z.string()).describe('Empty: always.'),
  freezes: z.array(z.object({ from: instant, to: instant, reason: z.string(), except: z.enum(['hotfix']).nullable() })),
  compatibility: z.enum(['warn', 'block']),
  rollback_ready: z.enum(['shown', 'required']),
  budget: z.enum(['none', 'required']),
  review: z.enum(['none', 'required']),
})

/** A ring with the rules in force: those of the ring file on the default branch. */
export const ruledRing = ring.extend({
  rules: z.object({
    deploy_on: z.enum(['push', 'nothing']),
    promote: z.enum(['auto', 'manual']),
    accepts: z.enum(['versions', 'drafts']),
    gates,
    who: z
      .record(z.enum(ringActions), z.array(z.string()))
      .describe('Whom each action is for: a role and stronger ones, a team, a person.'),
  }),
})

/** Writes a ring. */
export function presentRing(standing: RingStanding, repository: NamedRepository): z.output<typeof ring> {
  const { solution, ring: rules, pointer, lifecycle, active, open, locks } = standing
  const place = { solution: solution.name, ring: rules.name }
  const [newest] = open
  return {
    ...place,
    after: rules.after ?? null,
    environment: rules.environment,
    status: lifecycle,
    pointer: { deployment: pointer.deployment ?? null, revision: pointer.revision },
    active: active === undefined ? null : presentDeployment(active),
    promotion: newest === undefined ? null : presentPromotion(newest),
    locks: locks.map(presentLock),
    history: `${ringPath(repository, place)}/deployments`,
  }
}

/** Writes a ring with its rules. */
export function presentRuledRing(standing: RingStanding, repository: NamedRepository): z.output<typeof ruledRing> {
  const { solution, ring: rules } = standing
  const { who } = ringGrants(solution, rules, [])
  const named = (grants: readonly Grant[]): string[] => grants.map(grantName)
  return {
    ...presentRing(standing, repository),
    rules: {
      deploy_on: rules.deployOn,
      promote: rules.promote,
      accepts: rules.accepts,
      gates: presentGates(rules.gates),
      who: {
        view: named(who.view),
        promote: named(who.promote),
        approve: named(who.approve),
        rollback: named(who.rollback),
        run: named(who.run),
        lock: named(who.lock),
        unlock: named(who.unlock),
        pause: named(who.pause),
        undeploy: named(who.undeploy),
        archive: named(who.archive),
        unquarantine: named(who.unquarantine),
        hotfix: named(who.hotfix),
        override: named(who.override),
      },
    },
  }
}

function presentGates(rules: RingStanding['ring']['gates']): z.output<typeof gates> {
  const { approvals: asked, soak, checks, windows, compatibility, rollbackReady, budget, pullRequest } = rules
  return {
    approvals: asked === undefined ? null : presentApprovals(asked),
    soak_ms: soak,
    checks: typeof checks === 'string' ? checks : [...checks],
    windows: windows.allow.map(({ text }) => text),
    freezes: windows.freeze.map(({ from, to, reason, except }) => ({ from, to, reason, except: except ?? null })),
    compatibility,
    rollback_ready: rollbackReady,
    budget,
    review: pullRequest.review,
  }
}

function presentApprovals(rule: NonNullable<RingStanding['ring']['gates']['approvals']>): z.output<typeof approvals> {
  const { count, from, self, authors, expiry, githubReviews } = rule
  return { count, from: [...from], self, authors, expiry_ms: expiry, github_reviews: githubReviews }
}
