import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import { durationMs } from '../../src/domain/units.ts'
import type { ControlPorts, RepositoryOnGithub } from '../../src/engine/control/control-ports.ts'

/** Milliseconds that what was read of a repository is remembered. */
const span = 15_000
const most = 1_000

/**
 * Keeps the newest connection to each repository for some seconds, with the files that it read: what is looked at many times in a row is not read as
 * often.
 *
 * @param monotonic - milliseconds of a clock that never jumps
 */
export function rememberRepositories(
  open: (key: RepositoryKey) => Promise<RepositoryOnGithub>,
  monotonic: () => number,
): Pick<ControlPorts, 'github' | 'remembered' | 'forget'> {
  const kept = new Map<string, { readonly openedAt: number; readonly repository: Promise<RepositoryOnGithub> }>()
  const github = (key: RepositoryKey): Promise<RepositoryOnGithub> => {
    if (kept.size >= most) kept.clear()
    const entry = { openedAt: monotonic(), repository: open(key) }
    kept.set(nameOf(key), entry)
    entry.repository.catch(() => {
      if (kept.get(nameOf(key)) === entry) kept.delete(nameOf(key))
    })
    return entry.repository
  }
  return {
    github,
    async remembered(key) {
      const known = kept.get(nameOf(key))
      const now = monotonic()
      if (known === undefined || now >= known.openedAt + span) return { github: await github(key), age: durationMs(0) }
      return { github: await known.repository, age: durationMs(Math.ceil(now - known.openedAt)) }
    },
    forget: key => void kept.delete(nameOf(key)),
  }
}

function nameOf({ tenant, repository }: RepositoryKey): string {
  return `${tenant}/${repository}`
}
