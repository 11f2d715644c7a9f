import { ensureEnvironment } from '../deployments/ensure-environment.ts'
import type { World } from '../world.ts'
import type { Account } from './account.ts'
import type { Repository } from './repository.ts'
import { putSetting } from './setting.ts'

export interface NewSetting {
  readonly name: string
  readonly value: string
  /** Of this environment of the repository, which is made if need be. */
  readonly environment?: string
}

interface PutRequest {
  readonly owner: Repository | Account
  readonly kind: 'secrets' | 'variables'
  readonly setting: NewSetting
}

/** Sets a secret or a variable of an organisation, a repository, or one of its environments. */
export function putSettingOf(world: World, { owner, kind, setting }: PutRequest): void {
  const isRepository = 'environments' in owner
  const { environment } = setting
  if (environment !== undefined && !isRepository) throw new TypeError('only a repository has environments')
  const place =
    environment !== undefined && isRepository ? ensureEnvironment(world, owner, environment)[kind] : owner[kind]
  putSetting(place, { name: setting.name, value: setting.value, now: world.now() })
}
