import type { RepositoryDirectory } from '../../src/ports/repository-directory.ts'
import type { ApiRoute } from './route.ts'
import { meRoute } from './routes/me.ts'

/** What routes need. */
export interface RouteServices {
  readonly directory: RepositoryDirectory
}

/** Every route of the API. A new one is a file in `routes/` and a line here; tests that go over all routes then cover it. */
export function createRoutes({ directory }: RouteServices): readonly ApiRoute[] {
  return [meRoute(directory)]
}
