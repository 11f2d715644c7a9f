import { appEvents, appPermissions } from './app-needs.ts'
import { type Finding, ok } from './finding.ts'
import type { Ring } from './ring.ts'

/** What the App was given by the account that installed it. */
export interface Granted {
  readonly suspended: boolean
  /** By GitHub's key: `deployments` → `write`. */
  readonly permissions: Readonly<Record<string, string>>
  readonly events: readonly string[]
  /** The page where an owner of the account accepts permissions. */
  readonly settings: string
}

const levels: readonly (string | undefined)[] = ['read', 'write', 'admin']

/** What of its needs the App was not given, each with what does not work without it. */
export function grantFindings({ suspended, permissions, events, settings }: Granted): readonly Finding[] {
  if (suspended) {
    return [
      { what: 'App', verdict: 'problem', words: 'is suspended', fix: `An owner lets it work again at ${settings}` },
    ]
  }
  const lacking = Object.entries(appPermissions).filter(
    ([key, { level }]) => levels.indexOf(permissions[key]) < levels.indexOf(level),
  )
  const refused = lacking.map(([, { name, level, why }]): Finding => {
    const fix = `Give the App ${name}: ${level} in its settings on GitHub (Permissions & events); then an owner accepts it at ${settings}`
    return {
      what: `permission ${name}: ${level}`,
      verdict: 'problem',
      words: `was not given; the App needs it ${why}`,
      fix,
    }
  })
  const unheard = Object.entries(appEvents).filter(([event]) => !events.includes(event))
  const missed = unheard.map(([event, tells]): Finding => {
    const fix = `Tick it in the settings of the App on GitHub, under Permissions & events, and accept the change at ${settings}`
    return {
      what: `event ${event}`,
      verdict: 'problem',
      words: `is not subscribed to; the App does not hear that ${tells}`,
      fix,
    }
  })
  return [
    ...(refused.length > 0 ? refused : [ok('App permissions', `all ${Object.keys(appPermissions).length} were given`)]),
    ...(missed.length > 0 ? missed : [ok('App events', `all ${Object.keys(appEvents).length} are subscribed to`)]),
  ]
}

/** What stands before the jobs of a ring's environment, as the App sees it. */
export interface RingProtection {
  /** Slugs of the Apps whose rules are enabled, and whether ours is among them. */
  readonly rules: readonly string[]
  readonly isOurs: boolean
  readonly hasReviewers: boolean
  readonly preventsSelfReview: boolean
  readonly branches: 'all' | 'protected' | 'custom'
  readonly canAdminsBypass: boolean
}

/** How a ring is enforced, and how that could be passed by. @param protection - undefined: there is no such environment */
export function ringFindings(ring: Ring, protection: RingProtection | undefined): readonly Finding[] {
  const what = `environment ${ring.environment}`
  if (protection === undefined) {
    const fix = 'Create it: Settings → Environments → New environment, and allow only the default branch in it.'
    const words =
      'does not exist, or Ringway may not see it: GitHub makes it at the first deployment, without protection'
    return [{ what, verdict: 'advice', words, fix }]
  }
  const { rules, isOurs, hasReviewers, preventsSelfReview, branches, canAdminsBypass } = protection
  const path = `Settings → Environments → ${ring.environment}`
  const mode = isOurs
    ? 'Ringway is its protection rule'
    : 'Ringway dispatches what was authorised (its rule is not enabled; private repositories need GitHub Enterprise for that)'
  const words = [mode, ...(hasReviewers ? ['required reviewers come after the gates'] : [])].join('; ')
  const advice: readonly (readonly [isSo: boolean, words: string, fix: string])[] = [
    [
      rules.length > (isOurs ? 1 : 0),
      'the rule of another App decides, too',
      `Untick it if it should not: ${path} → Deployment protection rules.`,
    ],
    [branches === 'all', 'any branch may use it', `${path} → Deployment branches and tags: select the default branch.`],
    [
      canAdminsBypass && (isOurs || hasReviewers),
      'administrators may pass by its rules',
      `${path}: untick “Allow administrators to bypass configured protection rules”.`,
    ],
    [
      preventsSelfReview,
      '“Prevent self-review” looks at who started the run, which is the App',
      `Untick it, and say who may not approve with the approvals gate of the ring: ${path}.`,
    ],
  ]
  return [
    ok(what, words),
    ...advice.filter(([isSo]) => isSo).map(([, said, fix]): Finding => ({ what, verdict: 'advice', words: said, fix })),
  ]
}

/** What became of GitHub's deliveries in a while. */
export interface DeliveryCount {
  readonly all: number
  /** Not one attempt of them came through. */
  readonly failed: number
  /** `the last 24 hours` */
  readonly within: string
}

export function deliveryFinding({ all, failed, within }: DeliveryCount): Finding {
  const what = 'webhooks'
  if (failed === 0) return ok(what, all === 0 ? `none in ${within}` : `all ${all} of ${within} came through`)
  const words = `${failed} of ${all} in ${within} did not come through`
  const fix =
    'See why in the settings of the App on GitHub, under Advanced → Recent deliveries. The App asks for them again by itself, for three days.'
  return { what, verdict: 'problem', words, fix }
}
