import type { World } from '../world.ts'
import { addAccount } from './add-account.ts'
import { registerApp } from './register-app.ts'

/** The ids that GitHub's own Actions App and its bot have, because programs compare them. */
const ACTIONS_APP_ID = 15_368
const ACTIONS_BOT_ID = 41_898_282

/** Adds what every GitHub has from the start: the App that acts for jobs. */
export function foundWorld(world: World): void {
  registerApp(world, {
    slug: 'github-actions',
    id: ACTIONS_APP_ID,
    botId: ACTIONS_BOT_ID,
    owner: addAccount(world, { login: 'github', type: 'Organization', id: 9_919 }),
    permissions: { actions: 'write', checks: 'write', contents: 'write', deployments: 'write', statuses: 'write' },
    events: [],
  })
}
