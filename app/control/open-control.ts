import { hash, randomBytes } from 'node:crypto'
import { createAnswerCache } from '../../src/adapters/github/answer-cache.ts'
import type { GithubApp } from '../../src/adapters/github/github-app.ts'
import { readOrganisationFile } from '../../src/config/read-organisation-file.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { ControlPorts, RepositoryOnGithub } from '../../src/engine/control/control-ports.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { ControlStore } from '../../src/ports/control-store.ts'
import type { Leases } from '../../src/ports/leases.ts'
import type { CommitRange } from '../../src/ports/pull-requests.ts'
import type { Settings } from '../env/settings.ts'
import { openRepository } from './open-repository.ts'
import { rememberRepositories } from './remember-repositories.ts'

/** What the control plane is made of. */
export interface ControlParts {
  readonly settings: Settings
  readonly app: GithubApp
  readonly clock: Clock
  readonly store: ControlStore
  readonly leases: Leases
}

/** Wires what the App's use cases ask of the outside. */
export function openControl(parts: ControlParts): ControlPorts {
  const { settings, app, clock, store, leases } = parts
  const { serverUrl } = settings.github
  let login = 'ringway[bot]'
  app.identity().then(
    identity => {
      login = identity.login
    },
    () => undefined,
  )
  const monotonic = (): number => performance.now()
  const ranges = createAnswerCache<CommitRange | undefined>({ keptFor: 60_000, most: 1_000, monotonic })
  const open = (key: RepositoryKey): Promise<RepositoryOnGithub> =>
    openRepository({ app, clock, serverUrl, store: settings.store, ranges }, key)
  return {
    store,
    leases,
    ...rememberRepositories(open, monotonic),
    ringFilePath: '.github/rings.yml',
    readRingFile: async (text, path) => readRingFile(text, path),
    readOrganisationFile: async (text, path) => readOrganisationFile(text, path),
    // Its login follows the name under which it was registered; until GitHub has said it, the usual one.
    get self() {
      return { id: settings.app.id, login }
    },
    newId: () => `p${randomBytes(10).toString('hex')}`,
    sha256: text => hash('sha256', text, 'hex'),
  }
}
