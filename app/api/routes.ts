import type { Finding } from '../../src/domain/finding.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import type { RepositoryDirectory } from '../../src/ports/repository-directory.ts'
import type { ApiRoute } from './route.ts'
import { doctorRoute } from './routes/doctor.ts'
import { meRoute } from './routes/me.ts'
import { runRoutes } from './routes/run-routes.ts'

/** What routes need. */
export interface RouteServices {
  readonly directory: RepositoryDirectory
  readonly control: ControlPorts
  /** What the App lacks to serve a repository. */
  readonly examine: (key: RepositoryKey) => Promise<readonly Finding[]>
}

/** Every route of the API. A new one is a file in `routes/` and a line here; tests that go over all routes then cover it. */
export function createRoutes({ directory, control, examine }: RouteServices): readonly ApiRoute[] {
  return [meRoute(directory), doctorRoute(examine), ...runRoutes(control)]
}
