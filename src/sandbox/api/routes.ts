import { appRoutes } from './apps.ts'
import { branchRoutes } from './branches.ts'
import { checkRunRoutes } from './check-runs.ts'
import { checkSuiteRoutes } from './check-suites.ts'
import { commentRoutes } from './comments.ts'
import { commitStatusRoutes } from './commit-statuses.ts'
import { commitRoutes } from './commits.ts'
import { contentRoutes } from './contents.ts'
import { deploymentStatusRoutes } from './deployment-statuses.ts'
import { deploymentRoutes } from './deployments.ts'
import { environmentBranchPolicyRoutes } from './environment-branch-policies.ts'
import { environmentRuleRoutes } from './environment-rules.ts'
import { environmentRoutes } from './environments.ts'
import { gitObjectRoutes } from './git-objects.ts'
import { gitRefRoutes } from './git-refs.ts'
import { issueRoutes } from './issues.ts'
import { pullRoutes } from './pulls.ts'
import { reactionRoutes } from './reactions.ts'
import { repositoryRoutes } from './repositories.ts'
import { reviewRoutes } from './reviews.ts'
import type { RoutePlugin } from './server.ts'
import { settingRoutes } from './settings.ts'
import { userRoutes } from './users.ts'

/** Every area of the API that needs nothing but the world. */
export const WORLD_ROUTES: readonly RoutePlugin[] = [
  repositoryRoutes,
  branchRoutes,
  gitRefRoutes,
  gitObjectRoutes,
  commitRoutes,
  contentRoutes,
  deploymentRoutes,
  deploymentStatusRoutes,
  environmentRoutes,
  environmentRuleRoutes,
  environmentBranchPolicyRoutes,
  settingRoutes,
  checkRunRoutes,
  checkSuiteRoutes,
  commitStatusRoutes,
  issueRoutes,
  commentRoutes,
  reactionRoutes,
  pullRoutes,
  reviewRoutes,
  userRoutes,
  appRoutes,
]
