import type { RepositoryOnGithub } from './control-ports.ts'

/** What the App changes on GitHub. */
export const githubWrites = [
  'open_deployment',
  'report_status',
  'dispatch_run',
  'review_job',
  'cancel_run',
  'post_commit_status',
  'show_check_run',
  'show_comment',
  'react',
  'label',
] as const

/** One of {@link githubWrites}. */
export type GithubWrite = (typeof githubWrites)[number]

/** Makes a change, with whatever is to happen right before and after it. */
export type AroundWrite = <T>(write: GithubWrite, change: () => Promise<T>) => Promise<T>

/** The same repository, whose every change is made by `around`. */
export function aroundWrites(github: RepositoryOnGithub, around: AroundWrite): RepositoryOnGithub {
  const { deployments, runs, rules, runRecords, statuses, board, conversation, pullRequests } = github
  return {
    ...github,
    deployments: {
      ...deployments,
      open: one => around('open_deployment', () => deployments.open(one)),
      report: (...said) => around('report_status', () => deployments.report(...said)),
    },
    runs: { ...runs, dispatch: one => around('dispatch_run', () => runs.dispatch(one)) },
    rules: { ...rules, decide: (...said) => around('review_job', () => rules.decide(...said)) },
    runRecords: { ...runRecords, cancel: run => around('cancel_run', () => runRecords.cancel(run)) },
    statuses: { ...statuses, post: one => around('post_commit_status', () => statuses.post(one)) },
    board: { ...board, show: run => around('show_check_run', () => board.show(run)) },
    conversation: {
      ...conversation,
      show: comment => around('show_comment', () => conversation.show(comment)),
      react: (...said) => around('react', () => conversation.react(...said)),
    },
    pullRequests: {
      ...pullRequests,
      label: (...change) => around('label', () => pullRequests.label(...change)),
    },
  }
}
