import type { RoutePlugin } from '../api/server.ts'
import { jobRoutes } from './routes/job-routes.ts'
import { createLogTickets } from './routes/log-tickets.ts'
import { protectionRuleRoutes } from './routes/protection-rule-routes.ts'
import { reviewRoutes } from './routes/review-routes.ts'
import { runControlRoutes } from './routes/run-control-routes.ts'
import { runRoutes } from './routes/run-routes.ts'
import { workflowRoutes } from './routes/workflow-routes.ts'
import type { ActionsRuntime } from './runs/actions-runtime.ts'
import type { RunDesk } from './runs/run-desk.ts'

/** The API of GitHub Actions. */
export function actionsRoutes(runtime: ActionsRuntime, desk: RunDesk): RoutePlugin {
  return (server, context) => {
    const tickets = createLogTickets(runtime.world)
    const parts = [
      workflowRoutes(runtime, desk),
      runRoutes(runtime, tickets),
      runControlRoutes(runtime, desk),
      jobRoutes(runtime, desk, tickets),
      reviewRoutes(runtime),
      protectionRuleRoutes(runtime),
      tickets.routes,
    ]
    for (const part of parts) part(server, context)
  }
}
