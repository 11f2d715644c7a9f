import type { Promotion } from '../../domain/promotion.ts'

/** The pull request or issue whose sticky comment tells of a promotion. */
export function issueOf({ source, pullRequest }: Promotion): number | undefined {
  return source.kind === 'comment' || source.kind === 'button' ? (source.issue ?? pullRequest) : pullRequest
}
