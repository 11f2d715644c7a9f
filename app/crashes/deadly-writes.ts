import type { RepositoryOnGithub } from '../../src/engine/control/control-ports.ts'
import type { CrashStep } from './crash-point.ts'

/** Does a step between its two points. */
export type AroundStep = <T>(step: CrashStep, work: () => Promise<T>) => Promise<T>

/** Every change on GitHub stands between two crash points. */
export function withDeadlyWrites(github: RepositoryOnGithub, around: AroundStep): RepositoryOnGithub {
  const { deployments, runs, rules, runRecords, statuses, board, conversation, pullRequests } = github
  return {
    ...github,
    deployments: {
      ...deployments,
      open: one => around('github.open_deployment', () => deployments.open(one)),
      report: (...said) => around('github.report_status', () => deployments.report(...said)),
    },
    runs: { ...runs, dispatch: one => around('github.dispatch_run', () => runs.dispatch(one)) },
    rules: { ...rules, decide: (...said) => around('github.review_job', () => rules.decide(...said)) },
    runRecords: { ...runRecords, cancel: run => around('github.cancel_run', () => runRecords.cancel(run)) },
    statuses: { ...statuses, post: one => around('github.post_commit_status', () => statuses.post(one)) },
    board: { ...board, show: run => around('github.show_check_run', () => board.show(run)) },
    conversation: {
      ...conversation,
      show: comment => around('github.show_comment', () => conversation.show(comment)),
      react: (...said) => around('github.react', () => conversation.react(...said)),
    },
    pullRequests: {
      ...pullRequests,
      label: (...change) => around('github.label', () => pullRequests.label(...change)),
    },
  }
}
