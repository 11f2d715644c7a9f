import type { SolutionKey } from '../../domain/ring-key.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import type { DraftRecord } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import type { ShownRings } from './shown-rings.ts'

/** A draft, where it runs, and where it could. */
export interface DraftStanding extends DraftRecord {
  /** Of the rings that are shown: whether one points to it, or did, or had it on its way. */
  readonly status: 'never_deployed' | 'deployed_before' | 'active'
  readonly activeIn: readonly string[]
  /** Rings that accept drafts and do not point to it. */
  readonly deployableTo: readonly string[]
}

/** The drafts of a solution, the newest build first, as far as its rings are shown. */
export async function viewDrafts(
  ports: ControlPorts,
  key: SolutionKey,
  asked: { readonly before: number | undefined; readonly limit: number } & ShownRings,
): Promise<readonly DraftStanding[]> {
  const solution = asked.ringFile.solutions.find(({ name }) => name === key.solution)
  const rings = solution === undefined ? [] : ringsInOrder(solution)
  const shown = rings.filter(({ name: ring }) => asked.isShown({ solution: key.solution, ring }))
  return await ports.store.transaction(key, async tx => {
    const standings: DraftStanding[] = []
    for (const draft of await tx.artifacts.drafts(key, { before: asked.before, limit: asked.limit })) {
      const { digest } = draft.artifact
      const activeIn: string[] = []
      let wasDeployed = false
      for (const { name } of shown) {
        const history = await tx.deployments.history({ ...key, ring: name }, { digest, limit: 1 })
        const own = history.filter(deployment => deployment.digest === digest)
        if (own.some(({ state }) => state === 'active')) activeIn.push(name)
        wasDeployed ||= own.length > 0
      }
      standings.push({
        ...draft,
        status: activeIn.length > 0 ? 'active' : wasDeployed ? 'deployed_before' : 'never_deployed',
        activeIn,
        deployableTo: shown.flatMap(({ name, accepts }) =>
          accepts === 'drafts' && !activeIn.includes(name) ? [name] : [],
        ),
      })
    }
    return standings
  })
}
