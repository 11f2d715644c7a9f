import { countPromotionCalls, type PromotionCalls } from '../test/support/promotion-calls.ts'
import { branchDeploy } from './action/branch-deploy.ts'
import { measureGate } from './app/measure-gate.ts'
import { type IntakeRound, type IntakeRounds, type Loss, measureIntakes, measureLoss } from './app/measure-intakes.ts'
import { measureRollbacks, type Rollbacks } from './app/measure-rollbacks.ts'
import type { IntakeName } from './app/programs.ts'
import { type Bench, type Measurement, median, percentile } from './measurement.ts'

/** Rows of the design's table about the App: deliveries taken in, gate decisions, what a promotion asks of GitHub, rollbacks. */
export const app: Bench = async say => {
  say('sending deliveries to each intake in turn')
  const intakes = await measureIntakes(say)
  say('killing the App while it takes deliveries')
  const losses = await measureLoss()
  say('rolling back')
  const rollbacks = await measureRollbacks(say)
  say('asking for gate decisions')
  const gate = await measureGate(say)
  say('promoting a version past every gate')
  const [calls = { calls: [], writes: [] }] = await countPromotionCalls(1)
  return {
    measurements: [
      ...rowsOfThroughput(intakes),
      ...rowsOfCalm(intakes),
      rowOfLoss(losses),
      rowOfGate(gate),
      ...rowsOfCalls(calls),
      ...rowsOfRollbacks(rollbacks),
    ],
    samples: { intakes, losses, rollbacks, gate, calls },
  }
}

const peers = {
  probot: 'a bare Probot app that keeps nothing',
  insertEach: 'Probot with one INSERT each',
  grouped: 'node:http with grouped inserts',
} as const

function rowsOfThroughput(intakes: IntakeRounds): readonly Measurement[] {
  const rowBeside = (ours: IntakeName, peer: keyof typeof peers, words: string): Measurement => {
    // Of the same round: what else the machine does differs from one to the next.
    const ratio = median(
      intakes[ours].map((round, at) => round.perSecond / (intakes[peer][at]?.perSecond ?? Number.NaN)),
    )
    return {
      measured: words,
      value: `${perSecond(intakes[ours])}/s`,
      beside: `${peers[peer]}: ${perSecond(intakes[peer])}/s`,
      ratio,
      aim: '>= 1.00 x',
      isMet: ratio >= 1,
    }
  }
  return [
    rowBeside('ringway', 'probot', 'deliveries accepted durably, by the intake'),
    rowBeside('ringway', 'insertEach', 'the same'),
    rowBeside('ringway', 'grouped', 'the same'),
    rowBeside('app', 'probot', 'by the whole App, which handles them meanwhile'),
  ]
}

function perSecond(rounds: readonly IntakeRound[]): number {
  return Math.round(median(rounds.map(round => round.perSecond)))
}

function rowsOfCalm(intakes: IntakeRounds): readonly Measurement[] {
  const calm = (name: IntakeName): number => median(intakes[name].map(round => round.calmP99Ms))
  return (['ringway', 'app'] as const).map(name => ({
    measured: `p99 at 200 deliveries a second, ${name === 'app' ? 'the whole App' : 'the intake'}`,
    value: milliseconds(calm(name)),
    beside: `${peers.probot}: ${milliseconds(calm('probot'))}; ${peers.insertEach}: ${milliseconds(calm('insertEach'))}`,
    ratio: calm(name) / calm('probot'),
    aim: '< 25 ms',
    isMet: calm(name) < 25,
  }))
}

function rowOfLoss(losses: readonly Loss[]): Measurement {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
  const lost = sum(losses.map(one => one.lost))
  const acknowledged = sum(losses.map(one => one.acknowledged))
  return {
    measured: `lost of ${acknowledged} acknowledged deliveries, ${losses.length} x kill -9 under load`,
    value: String(lost),
    aim: '0',
    isMet: lost === 0 && acknowledged > 0,
  }
}

function rowOfGate(tookMs: readonly number[]): Measurement {
  const p99 = percentile(tookMs, 99)
  return {
    measured: `gate decision, webhook to callback, 50 solutions waiting: p99 of ${tookMs.length}`,
    value: milliseconds(p99),
    aim: '< 1 s',
    isMet: p99 < 1_000,
  }
}

function rowsOfCalls({ calls, writes }: PromotionCalls): readonly Measurement[] {
  const row = (measured: string, value: number, peer: number): Measurement => ({
    measured,
    value: String(value),
    beside: `branch-deploy's deploy of one PR: ${peer}`,
    ratio: value / peer,
    aim: 'fewer',
    isMet: value < peer,
  })
  return [
    row(
      'GitHub calls of a promotion and its approval by comments, all gates, App and Action',
      calls.length,
      branchDeploy.calls,
    ),
    row('content writes of it', writes.length, branchDeploy.writes),
  ]
}

function rowsOfRollbacks({ undisturbedMs, killedMs }: Rollbacks): readonly Measurement[] {
  const row = (words: string, tookMs: readonly number[], most: number): Measurement => ({
    measured: `rollback, command accepted to pointer moved, ${words}: p99 of ${tookMs.length}`,
    value: milliseconds(percentile(tookMs, 99)),
    beside: `its median: ${milliseconds(median(tookMs))}`,
    aim: `< ${most / 1_000} s`,
    isMet: percentile(tookMs, 99) < most,
  })
  return [row('undisturbed', undisturbedMs, 5_000), row('App killed and started again', killedMs, 45_000)]
}

function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`
}
