import type { Deployments, RecordedDeployment } from '../ports/deployments.ts'

/**
 * Deployments for one decision: each is read once, however many questions touch it. Not for longer than a decision takes: what others
 * write meanwhile is not seen.
 */
export function readOnce(deployments: Deployments): Deployments {
  const seen = new Map<number, RecordedDeployment>()
  const remember = (recorded: RecordedDeployment): RecordedDeployment => {
    seen.set(recorded.id, recorded)
    return recorded
  }
  return {
    async *list(query) {
      for await (const recorded of deployments.list({ ...query, seen })) yield remember(recorded)
    },
    async read(id) {
      const recorded = seen.get(id) ?? (await deployments.read(id))
      return recorded && remember(recorded)
    },
    open: async deployment => remember(await deployments.open(deployment)),
    async report(id, status) {
      seen.delete(id)
      await deployments.report(id, status)
    },
  }
}
