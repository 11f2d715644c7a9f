import type { RepositoryKey } from '../ring-key.ts'

/** What something was done to. */
export type AuditSubject =
  /** Every ring of the repository. */
  | { readonly kind: 'repository' }
  | { readonly kind: 'ring'; readonly solution: string; readonly ring: string }
  | { readonly kind: 'issue'; readonly issue: number }
  | { readonly kind: 'subscriber'; readonly id: number }

/** `repository 42`: what the subject of every entry about something in a repository is, or begins with and goes on after `: `. */
export function repositorySubject({ repository }: Pick<RepositoryKey, 'repository'>): string {
  return `repository ${repository}`
}

/** `repository 42: support/staging`. The repository by its id, because names are given away again. */
export function auditSubject(key: Pick<RepositoryKey, 'repository'>, subject: AuditSubject): string {
  const repository = repositorySubject(key)
  switch (subject.kind) {
    case 'repository':
      return repository
    case 'ring':
      return `${repository}: ${subject.solution}/${subject.ring}`
    case 'issue':
      return `${repository}: issue ${subject.issue}`
    case 'subscriber':
      return `${repository}: subscriber ${subject.id}`
  }
}

/** The subject of what is done to one ring. */
export function ringSubject(key: {
  readonly repository: number
  readonly solution: string
  readonly ring: string
}): string {
  return auditSubject(key, { kind: 'ring', solution: key.solution, ring: key.ring })
}
