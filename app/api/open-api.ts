import { createOctokitRequester } from '../../src/adapters/github/octokit-requester.ts'
import { createGithubUserTokens } from '../../src/adapters/github/user-tokens.ts'
import { createActionsTokenVerifier } from '../../src/adapters/oidc/verify-actions-token.ts'
import { verifyAuditLog } from '../../src/adapters/postgres/audit-log.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { createIdempotentAnswers } from '../../src/adapters/postgres/idempotent-answers.ts'
import { createReplayGuard } from '../../src/adapters/postgres/replay-guard.ts'
import { createRepositoryDirectory } from '../../src/adapters/postgres/repository-directory.ts'
import { mayDo } from '../../src/domain/policy/may-do.ts'
import { ringGrants } from '../../src/domain/policy/ring-grants.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import { readActor } from '../../src/engine/control/read-actor.ts'
import { readPolicy, ringOf } from '../../src/engine/control/read-policy.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Settings } from '../env/settings.ts'
import type { ApiOptions } from './add-api.ts'
import type { RingGuard } from './admit.ts'
import { authenticate } from './authenticate.ts'
import { createRoutes, type RouteServices } from './routes.ts'

/** What the API is wired from. */
export interface ApiParts {
  readonly settings: Settings
  readonly database: Database
  readonly control: ControlPorts
  readonly clock: Clock
  readonly examine: RouteServices['examine']
  /** Where people and workflow runs reach the App. */
  readonly url: string
}

/** Wires the API: who may ask, and every route. */
export function openApi({ settings, database, control, clock, url, examine }: ApiParts): ApiOptions {
  const monotonic = (): number => performance.now()
  const directory = createRepositoryDirectory(database)
  const audience = new URL(url).origin
  const actionsTokens = createActionsTokenVerifier({
    issuer: settings.github.oidcIssuer,
    audience,
    replayGuard: createReplayGuard(database),
    now: () => clock.now(),
    monotonic,
  })
  const userTokens = createGithubUserTokens(createOctokitRequester(settings.github.apiUrl), monotonic)
  return {
    admission: {
      authenticate: authorization => authenticate({ actionsTokens, userTokens, audience }, authorization),
      directory,
      ringGuard: ringGuard(control),
    },
    answers: createIdempotentAnswers(database),
    routes: createRoutes({
      directory,
      control,
      examine,
      verifyAudit: tenant => verifyAuditLog(database, tenant),
      subscribers: { reach: settings.subscribers },
    }),
  }
}

/** The one rule about who may do what, asked of GitHub at the moment of the request. */
function ringGuard(control: ControlPorts): RingGuard {
  return {
    async may(person, action, key) {
      const { github, ringFile } = await readPolicy(control, key)
      const { solution, ring } = ringOf(ringFile, key)
      const grants = ringGrants(solution, ring, ringFile.allowedBots)
      return mayDo(await readActor(github, person, { grants: [grants] }), action, grants)
    },
  }
}
