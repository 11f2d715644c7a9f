/**
 * github/branch-deploy v12.0.0 (commit 7ad5ec6a7e19e3e341846e4d33c4ed779b3e8036, dist/index.js), as it was measured. It is not downloaded
 * for a benchmark: who has a checkout names it in `RINGWAY_BENCH_BRANCH_DEPLOY`, and its start is measured in the same run.
 */
export const branchDeploy = {
  /** Start to the first request, by an empty `node`. Source: Ringway's design, §13. */
  startRatio: 4.2,
  /** Of `dist/index.js`. */
  bundleBytes: 1_520_655,
  /**
   * Requests of `.deploy` on one pull request with `enforced_deployment_order` over three environments, main and post step together;
   * without that order it is 35. Source: the route log of its own acceptance server (tools/acceptance/mock-github.ts), both deployments
   * before it succeeded, everything else as it is by default.
   */
  calls: 37,
  /** POST, PATCH, PUT and DELETE among them; its GraphQL queries are no writes. */
  writes: 12,
} as const
