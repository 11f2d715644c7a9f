import { fullName } from '../world/repository.ts'
import type { World } from '../world.ts'
import { html } from './html.ts'
import { type Page, table } from './layout.ts'

const REFRESH = 5

export function homePage(world: World): Page {
  const rows = [...world.repositories.values()].map(repository => [
    html`<a href="/${fullName(repository)}">${fullName(repository)}</a>`,
    repository.defaultBranch,
    repository.pushedAt,
  ])
  return {
    title: 'Repositories',
    refresh: REFRESH,
    body: table(['Repository', 'Default branch', 'Last push'], rows, 'There is no repository yet.'),
  }
}
