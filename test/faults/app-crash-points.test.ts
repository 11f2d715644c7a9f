import { describe, expect, it } from 'vitest'
import { crashPoints } from '../../app/crashes/crash-point.ts'
import type { ControlBench } from '../support/control-bench.ts'
import { type DeadlyBench, type DeadlyPoint, openDeadlyBench } from '../support/deadly-bench.ts'
import { expectInvariants, tellStanding } from '../support/expect-invariants.ts'
import { byHand, byItself, releaseAndReturn, shipAndCancel } from '../support/release-scenarios.ts'
import type { TinyRing } from '../support/tiny-solution.ts'

/** One after the other: starting all at once, none would be ready in time. */
let opening: Promise<unknown> = Promise.resolve()
function openInTurn(rings: readonly TinyRing[]): Promise<DeadlyBench> {
  const bench = opening.then(() => openDeadlyBench({ solutions: { shop: rings } }))
  opening = bench.catch(() => undefined)
  return bench
}

/** The scenario again and again until the App died everywhere. */
async function dieAtEach({ rings = byHand, points, scenario = releaseAndReturn }: Part): Promise<void> {
  const bench = await openInTurn(rings)
  try {
    await scenario(bench, 1)
    await bench.arm(points)
    for (let version = 2; bench.deadly.size > 0 && version < 8; version += 1) await scenario(bench, version)
    expect([...bench.deadly]).toEqual([])
    await expectInvariants({ bench, database: bench.database })
  } catch (error) {
    console.error(`died at ${bench.died.join(', ')}\n${await tellStanding({ bench, database: bench.database })}`)
    throw error
  } finally {
    await bench.close()
  }
}

interface Part {
  readonly where: string
  readonly points: readonly DeadlyPoint[]
  /** @default {@link byHand} */
  readonly rings?: readonly TinyRing[]
  /** @default {@link releaseAndReturn} */
  readonly scenario?: (bench: ControlBench, version: number) => Promise<void>
}

/** By where they are; each part has a GitHub, an App and a database of its own, because most of the time they wait. */
const parts: readonly Part[] = [
  {
    where: 'taking deliveries in',
    points: [
      'inbox.accept.before',
      'inbox.accept.after',
      'inbox.conclude.before',
      'inbox.conclude.after',
      'commit.delivery.before',
      'commit.delivery.after',
      'commit.delivery.before:2',
    ],
  },
  {
    where: 'answering runs, and looking after them',
    points: [
      'commit.request.before',
      'commit.request.after',
      'commit.supervise.before',
      'commit.supervise.after',
      'commit.request.before:2',
      'commit.request.after:2',
      'commit.request.before:3',
      'commit.request.after:3',
    ],
  },
  {
    where: 'deciding, and noting what is done',
    points: [
      'lease.before',
      'lease.after',
      'commit.ring.before',
      'commit.ring.after',
      'commit.effects.before',
      'commit.effects.after',
    ],
  },
  {
    where: 'changing what GitHub does',
    points: [
      'github.open_deployment.before',
      'github.open_deployment.after',
      'github.report_status.before',
      'github.report_status.after',
      'github.dispatch_run.before',
      'github.dispatch_run.after',
      'github.review_job.before',
      'github.review_job.after',
    ],
  },
  {
    where: 'changing what GitHub shows',
    points: [
      'github.post_commit_status.before',
      'github.post_commit_status.after',
      'github.show_check_run.before',
      'github.show_check_run.after',
      'github.show_comment.before',
      'github.show_comment.after',
      'github.react.before',
      'github.react.after',
    ],
  },
  {
    where: 'sending on, cancelling, labelling',
    points: [
      'commit.onward.before',
      'commit.onward.after',
      'github.label.before',
      'github.label.after',
      'github.cancel_run.before',
      'github.cancel_run.after',
    ],
    rings: byItself,
    scenario: shipAndCancel,
  },
]

describe.concurrent('the App dies', () => {
  it.each(parts)('[M3] $where', { timeout: 300_000 }, async part => {
    await expect(dieAtEach(part)).resolves.toBeUndefined()
  })

  it('at every point', () => {
    const names = parts.flatMap(({ points }) => points.map(point => point.replace(/:.*/, '')))
    expect(crashPoints.filter(point => !names.includes(point))).toEqual([])
  })
})
