import { roleIn } from '../api/access.ts'
import type { Account } from '../world/account.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { type Html, html } from './html.ts'

/** The people who may see a repository; whoever rehearses acts as one of them. */
export function peopleOf(world: World, repository: Repository): Account[] {
  return [...world.accounts.values()].filter(
    account => account.type === 'User' && roleIn(repository, account) !== undefined,
  )
}

/** The choice of whom to act as. */
export function actAs(people: readonly Account[]): Html {
  const options = people.map(({ login }) => html`<option>${login}</option>`)
  return html`<label>as <select name="as">${options}</select></label>`
}
