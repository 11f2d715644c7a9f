import type { Observer } from '../../src/sandbox/api/observation.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import { deploymentsIn, pointersOf } from './told-deployments.ts'

/** Looks at every ring each time that a status has been written, and remembers what must never have been. */
export interface PointerWatch {
  readonly observe: Observer
  readonly problems: readonly string[]
}

const statuses = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses'

/**
 * A ring points to one deployment. GitHub has no transaction: the new one says `active` before the old one says that it ended, so that two
 * say it for one write and never three; and a ring that pointed to something does not point to nothing before its last version is gone.
 */
export function watchPointers(repository: () => Repository): PointerWatch {
  const problems: string[] = []
  const pointed = new Set<string>()
  return {
    problems,
    observe(observation) {
      if (observation.kind !== 'api' || observation.method !== 'POST' || observation.template !== statuses) return
      const { deployments } = repository()
      for (const environment of new Set(deployments.map(one => one.originalEnvironment))) {
        const now = pointersOf(repository(), environment)
        const said = now.map(one => `${one.id} ${one.artifact} ${one.state}`).join(', ')
        if (now.length > 2) problems.push(`${environment} points to ${now.length} deployments: ${said}`)
        if (now.length > 0) pointed.add(environment)
        else if (pointed.has(environment))
          problems.push(`${environment} points to nothing: ${last(repository(), environment)}`)
      }
      const description = Reflect.get(Object(observation.requestBody), 'description')
      if (typeof description !== 'string' || description.length > 140)
        problems.push(`no description of 140: ${String(description)}`)
    },
  }
}

function last(repository: Repository, environment: string): string {
  return deploymentsIn(repository, environment)
    .map(one => `${one.id} ${one.walked.join('>')}`)
    .join(', ')
}
