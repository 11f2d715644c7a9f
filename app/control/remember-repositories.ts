import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { RepositoryOnGithub } from '../../src/engine/control/control-ports.ts'

/** Milliseconds that what was read of a repository is remembered. */
const span = 15_000
const most = 1_000

/**
 * Keeps opened repositories for some seconds, with the files that they read: what is shown many times in a row is not read as often.
 *
 * @param monotonic - milliseconds of a clock that never jumps
 */
export function rememberRepositories(
  open: (key: RepositoryKey) => Promise<RepositoryOnGithub>,
  monotonic: () => number,
): (key: RepositoryKey) => Promise<RepositoryOnGithub> {
  const kept = new Map<string, { readonly until: number; readonly repository: Promise<RepositoryOnGithub> }>()
  return key => {
    const name = `${key.tenant}/${key.repository}`
    const known = kept.get(name)
    if (known !== undefined && monotonic() < known.until) return known.repository
    if (kept.size >= most) kept.clear()
    const repository = open(key)
    kept.set(name, { until: monotonic() + span, repository })
    repository.catch(() => kept.delete(name))
    return repository
  }
}
