import type { Finding } from '../../src/domain/finding.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import type { RepositoryDirectory } from '../../src/ports/repository-directory.ts'
import type { ApiRoute } from './route.ts'
import { auditRoute, type VerifyAudit } from './routes/audit.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { doctorRoute } from './routes/doctor.ts'
import { draftsRoute } from './routes/drafts.ts'
import { effectsRoute } from './routes/effects.ts'
import { eventsRoute } from './routes/events.ts'
import { lockRoutes } from './routes/locks.ts'
import { meRoute } from './routes/me.ts'
import { promotionRoutes } from './routes/promotions.ts'
import { retryRoute } from './routes/retry.ts'
import { ringCommandRoutes } from './routes/ring-commands.ts'
import { runRoutes } from './routes/run-routes.ts'
import { solutionRoutes } from './routes/solutions.ts'
import { type SubscriberSettings, subscriberRoutes } from './routes/subscribers.ts'
import { versionsRoute } from './routes/versions.ts'

/** What routes need. */
export interface RouteServices {
  readonly directory: RepositoryDirectory
  readonly control: ControlPorts
  /** What the App lacks to serve a repository. */
  readonly examine: (key: RepositoryKey) => Promise<readonly Finding[]>
  readonly verifyAudit: VerifyAudit
  readonly subscribers: SubscriberSettings
}

/** Every route of the API. A new one is a file in `routes/` and a line here; tests that go over all routes then cover it. */
export function createRoutes(services: RouteServices): readonly ApiRoute[] {
  const { directory, control, examine, verifyAudit, subscribers } = services
  return [
    meRoute(directory),
    doctorRoute(examine),
    ...runRoutes(control),
    ...solutionRoutes(control),
    versionsRoute(control),
    draftsRoute(control),
    ...deploymentRoutes(control),
    ...promotionRoutes(control),
    ...ringCommandRoutes(control),
    ...lockRoutes(control),
    retryRoute(control),
    eventsRoute(control),
    effectsRoute(control),
    auditRoute(control, verifyAudit),
    ...subscriberRoutes(control, subscribers),
  ]
}
