import { join } from 'node:path'
import type { Credentials } from '../adapters/oci/token.ts'
import type { Origin } from './origin.ts'
import type { RepositoryHere } from './repository-here.ts'

/** A store and what opens it. */
export interface StoreChoice {
  readonly location: string
  readonly credentials: Credentials | undefined
  /** Whether somebody named it: an option or `RINGWAY_STORE`. */
  readonly isNamed: boolean
}

/** The directory below the repository that is this program's own. It is never committed and never packed. */
export const ownDirectory = '.ringway'

/** The store of drafts that are built here. */
export function localStore(root: string): string {
  return `oci-layout:${join(root, ownDirectory, 'store')}`
}

/** The store that the Action publishes to when nobody names another one. */
export function publishedStore(origin: Origin): string {
  const registry = origin.host === 'github.com' ? 'ghcr.io' : `containers.${origin.host}`
  return `oci://${registry}/${origin.owner}/${origin.name}`.toLowerCase()
}

/**
 * The store that a command works with: the option, else `RINGWAY_STORE`, else `usual`. Credentials are `RINGWAY_STORE_USERNAME` and
 * `RINGWAY_STORE_PASSWORD`; the registry that belongs to GitHub takes a GitHub token as well.
 */
export function chooseStore(
  { origin }: RepositoryHere,
  choice: { readonly store: string | undefined; readonly usual: string },
): StoreChoice {
  const environment = process.env
  const named = choice.store ?? (environment['RINGWAY_STORE'] || undefined)
  const location = named ?? choice.usual
  const [username, password] = [environment['RINGWAY_STORE_USERNAME'], environment['RINGWAY_STORE_PASSWORD']]
  if (password !== undefined && password !== '')
    return { location, credentials: { username: username ?? 'ringway', password }, isNamed: named !== undefined }
  const isGithubs = origin !== undefined && location === publishedStore(origin)
  const token = isGithubs ? githubToken() : undefined
  return {
    location,
    credentials: token === undefined ? undefined : { username: origin?.owner ?? 'ringway', password: token },
    isNamed: named !== undefined,
  }
}

/** The token that this terminal was given for GitHub. */
function githubToken(): string | undefined {
  return process.env['GITHUB_TOKEN'] || process.env['GH_TOKEN'] || undefined
}
