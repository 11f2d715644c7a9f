import { ringDeed } from '../../domain/effect.ts'
import { isWaiting, type Promotion } from '../../domain/promotion.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { findRing } from '../../domain/ring-order.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { inOwnVerbs } from '../../text/own-verbs.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { sayPromotion } from '../control/move-promotion.ts'
import { readPolicy } from '../control/read-policy.ts'

/** A job that GitHub holds before an environment until our protection rule has answered. */
export interface HeldJob extends RepositoryKey {
  readonly run: number
  readonly environment: string
  /** GitHub's id of the Deployment that it opened for the job. */
  readonly githubDeployment: number
}

/**
 * Meets a job that waits at our protection rule. If the run carries a promotion, its ring is looked at, and the job is let through when
 * every gate passes. A run that nobody authorised is rejected, with the command to type.
 */
export async function meetJob(ports: ControlPorts, job: HeldJob): Promise<void> {
  const { github, ringFile } = await readPolicy(ports, job)
  const place = findRing(ringFile, job.environment)
  // An environment of the repository that is no ring of ours is not ours to judge; but our rule stands before it.
  if (place === undefined) return await turnAwayStranger(ports, job)
  const { tenant, repository } = job
  const key: RingKey = { tenant, repository, solution: place.solution.name, ring: place.ring.name }
  const title = (await github.runRecords.read(job.run))?.title ?? ''
  await ports.store.transaction(key, async tx => {
    const ring = await tx.rings.lock(key, place.ring.environment)
    const [carried] = await tx.promotions.find({ repository, run: job.run, limit: 1 })
    // The run may come to wait before the answer to its dispatch was kept: its name carries the promotion's id.
    const promotion = carried ?? (await tx.promotions.open(key)).find(({ id }) => title.split(' ').includes(id))
    if (promotion === undefined) {
      const command = inOwnVerbs(`\`/promote ${place.ring.name} <version>\``, ringFile.commands.words)
      const words = `No promotion authorises this run. Comment ${command} on an issue or on the merged pull request.`
      const answer = {
        kind: 'review_job',
        run: job.run,
        environment: ring.environment,
        answer: 'rejected',
        words,
      } as const
      return await tx.effects.want([ringDeed(key, answer)])
    }
    const met = { ...promotion, run: job.run, waitingJob: job.githubDeployment }
    await tx.promotions.save(met)
    if (isWaiting(met.state)) {
      await sayPromotion(tx, met)
      return await tx.queue.send({ kind: 'ring', key })
    }
    await answerDecided(tx, { ring, promotion: met, job })
  })
}

/** What was decided before the job came to wait: a rollback, or a job that asks again, is let through; what has ended is not. */
async function answerDecided(
  tx: ControlTransaction,
  { ring, promotion, job }: { readonly ring: RingRecord; readonly promotion: Promotion; readonly job: HeldJob },
): Promise<void> {
  const goes = promotion.state === 'dispatched'
  const deployment = await tx.deployments.read(promotion.deployment)
  if (goes && deployment !== undefined) {
    await tx.deployments.save({ ...deployment, runId: job.run, githubId: deployment.githubId ?? job.githubDeployment })
  }
  const words = goes
    ? promotion.task === 'rollback'
      ? 'A rollback passes no gates.'
      : 'Every gate passed.'
    : `The promotion of this run is ${promotion.state}${promotion.end === undefined ? '' : `: ${promotion.end.words}`}.`
  const answer = goes ? 'approved' : 'rejected'
  const { environment } = ring
  await tx.effects.want([
    // A job of a further attempt asks again, and is answered again.
    ringDeed(ring.key, { kind: 'review_job', run: job.run, environment, answer, words }, ` ${job.githubDeployment}`),
  ])
}

async function turnAwayStranger(ports: ControlPorts, job: HeldJob): Promise<void> {
  const { tenant, repository, run, environment } = job
  const words = `No ring of the ring file on the default branch uses the environment ${environment}. Add it there, or take Ringway's rule off the environment.`
  const key: RingKey = { tenant, repository, solution: '-', ring: environment.toLowerCase() }
  await ports.store.transaction(job, tx =>
    tx.effects.want([ringDeed(key, { kind: 'review_job', run, environment, answer: 'rejected', words })]),
  )
}
