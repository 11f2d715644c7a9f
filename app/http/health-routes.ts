import type { FastifyInstance } from 'fastify'
import { HttpRefusal } from './http-refusal.ts'

/** Something that the App cannot do without. */
export interface Need {
  /** As people call it: `database`. */
  readonly name: string
  /** Rejects with words for people while it is missing. */
  readonly check: () => Promise<void>
}

/**
 * `/healthz`: the process is up. `/readyz`: it has what it needs, or which of it is missing.
 *
 * @param patience - milliseconds within which a need must answer: probes come every few seconds
 */
export function addHealthRoutes(server: FastifyInstance, needs: readonly Need[], patience = 2_000): void {
  server.get('/healthz', () => ({ status: 'up' }))
  server.get('/readyz', async () => {
    const missing = (await Promise.all(needs.map(need => lack(need, patience)))).filter(each => each !== undefined)
    if (missing.length === 0) return { status: 'ready' }
    throw new HttpRefusal({
      status: 503,
      code: 'not_ready',
      kind: 'errored',
      message: `Not ready: ${missing.map(({ name, reason }) => `${name} (${reason})`).join(', ')}.`,
      remedy: 'Wait a little; if it stays so, look for these in the log of the App.',
      headers: { 'retry-after': '5' },
      members: { missing },
    })
  })
}

async function lack({ name, check }: Need, patience: number): Promise<{ name: string; reason: string } | undefined> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patience} ms`)), patience)
  try {
    await Promise.race([check(), late.promise])
    return undefined
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
