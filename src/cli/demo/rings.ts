import * as z from 'zod'
import { parseStatusDescription } from '../../domain/status-description.ts'
import type { Rehearsal } from '../rehearsal.ts'

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

const deployments = z.array(z.object({ id: z.number(), environment: z.string() }))
const statuses = z.array(z.object({ description: z.string() }))
const ref = z.object({ object: z.object({ sha: z.string() }) })
const tag = z.object({ message: z.string() })

/** Every deployment that GitHub knows and Ringway speaks of, oldest first. */
export async function readDeployments(rehearsal: Rehearsal): Promise<readonly Deployed[]> {
  const get = (path: string) => rehearsal.api('omar', { method: 'GET', path })
  const all = deployments.parse(await get('/deployments?per_page=100'))
  const told = await Promise.all(
    all.map(async ({ id, environment }) => {
      const said = statuses.parse(await get(`/deployments/${id}/statuses?per_page=100`))
      const report = said.map(one => parseStatusDescription(one.description)).find(one => one !== undefined)
      return report === undefined
        ? undefined
        : { id, ring: environment, version: report.artifact, state: report.state, words: report.words }
    }),
  )
  return told.filter(one => one !== undefined).toSorted((a, b) => a.id - b.id)
}

/** What each ring points to, with the digest that its version's tag names. */
export async function readRings(rehearsal: Rehearsal): Promise<readonly RingNow[]> {
  const known = await readDeployments(rehearsal)
  return await Promise.all(
    ['dev', 'staging', 'production'].map(async ring => {
      const active = known.findLast(one => one.ring === ring && one.state === 'active')
      const version = active?.version ?? 'nothing'
      return {
        ring,
        version,
        state: active?.state ?? '–',
        digest: active === undefined ? '–' : await digestOf(rehearsal, version),
      }
    }),
  )
}

async function digestOf(rehearsal: Rehearsal, version: string): Promise<string> {
  const get = (path: string) => rehearsal.api('omar', { method: 'GET', path })
  const { object } = ref.parse(await get(`/git/ref/tags/ringway/support/${version}`))
  const { message } = tag.parse(await get(`/git/tags/${object.sha}`))
  return /^artifact (\S+)$/m.exec(message)?.[1] ?? '–'
}
