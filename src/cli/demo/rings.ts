import * as z from 'zod'
import { parseStatusDescription } from '../../domain/status-description.ts'
import type { RehearsedRepository } from '../rehearsal.ts'

/** A deployment as GitHub shows it. */
export interface Deployed {
  readonly id: number
  readonly ring: string
  readonly version: string
  readonly state: string
  readonly words: string
}

/** What a ring points to now. */
export interface RingNow {
  readonly ring: string
  readonly version: string
  readonly state: string
  readonly digest: string
}

const ref = z.object({ object: z.object({ sha: z.string() }) })
const tag = z.object({ message: z.string() })

/** Every deployment that GitHub knows and Ringway speaks of, oldest first. */
export function readDeployments({ repository }: RehearsedRepository): readonly Deployed[] {
  return repository.deployments
    .flatMap(({ id, originalEnvironment, statuses }) => {
      const report = statuses.flatMap(status => parseStatusDescription(status.description) ?? []).at(-1)
      if (report === undefined) return []
      const { artifact: version, state, words } = report
      return [{ id, ring: originalEnvironment, version, state, words }]
    })
    .toSorted((a, b) => a.id - b.id)
}

/** Whether a ring points to a version, and everything that was to end for it has ended. */
export function isAt(place: RehearsedRepository, ring: string, version: string): boolean {
  const unfinished = readDeployments(place).filter(one => one.ring === ring && !finals.has(one.state))
  return unfinished.length === 1 && unfinished[0]?.state === 'active' && unfinished[0].version === version
}

const finals: ReadonlySet<string> = new Set(['failed', 'rolled_back', 'superseded'])

/** What each ring points to, with the digest that its version's tag names. */
export async function readRings(place: RehearsedRepository): Promise<readonly RingNow[]> {
  const known = readDeployments(place)
  return await Promise.all(
    ['dev', 'staging', 'production'].map(async ring => {
      const active = known.findLast(one => one.ring === ring && one.state === 'active')
      if (active === undefined) return { ring, version: 'nothing', state: '–', digest: '–' }
      const { version, state } = active
      return { ring, version, state, digest: await digestOf(place, version) }
    }),
  )
}

/** The digest of a version, as its tag names it. */
export async function digestOf(place: RehearsedRepository, version: string): Promise<string> {
  const get = (path: string) => place.api('omar', { method: 'GET', path })
  const { object } = ref.parse(await get(`/git/ref/tags/ringway/support/${version}`))
  const { message } = tag.parse(await get(`/git/tags/${object.sha}`))
  return /^artifact (\S+)$/m.exec(message)?.[1] ?? '–'
}
