import { mayDo } from '../../domain/policy/may-do.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { RingGrants } from '../../domain/policy/ring-policy.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { RingFile } from '../../domain/solution.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readActor } from '../control/read-actor.ts'
import { rememberPolicy } from '../control/read-policy.ts'

/** The rules of a repository, and what one person may see. */
export interface ShownRings {
  readonly ringFile: RingFile
  /** Whether the person may see a ring. One that the ring file declares no more has no rule that hides it. */
  readonly isShown: (key: { readonly solution: string; readonly ring: string }) => boolean
}

/**
 * What a person may see of a repository that GitHub shows them. GitHub is asked about the person only where a ring is hidden from some.
 *
 * @throws {RingwayError} `ring_file_missing`, `ring_file_invalid`, `github_unreachable`
 */
export async function shownRings(ports: ControlPorts, key: RepositoryKey, person: Person): Promise<ShownRings> {
  const { github, ringFile } = await rememberPolicy(ports, key)
  const guarded = ringFile.solutions
    .flatMap(solution =>
      solution.rings.map(ring => ({
        name: `${solution.name}/${ring.name}`,
        grants: ringGrants(solution, ring, ringFile.allowedBots),
      })),
    )
    .filter(({ grants }) => !isForEveryone(grants))
  if (guarded.length === 0) return { ringFile, isShown: () => true }
  const actor = await readActor(github, person, { grants: guarded.map(({ grants }) => grants) })
  const hidden = guarded.filter(({ grants }) => !mayDo(actor, 'view', grants).allowed).map(({ name }) => name)
  return { ringFile, isShown: ({ solution, ring }) => !hidden.includes(`${solution}/${ring}`) }
}

function isForEveryone({ who }: RingGrants): boolean {
  return who.view.some(grant => grant.kind === 'role' && grant.role === 'read')
}
