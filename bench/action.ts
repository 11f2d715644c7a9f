import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { branchDeploy } from './action/branch-deploy.ts'
import { measureStarts, type Starts } from './action/measure-starts.ts'
import { countPromotionCalls, type PromotionCalls } from './action/promotion-calls.ts'
import { type Bench, type Measurement, median } from './measurement.ts'

const dist = join(import.meta.dirname, '..', 'dist', 'action')

/** Rows 4 and 5 of the design's table: how soon the committed Action asks GitHub, its size, and what one promotion asks of GitHub. */
export const action: Bench = async say => {
  say('starting the Action')
  const starts = await measureStarts(join(dist, 'main.js'))
  const size = await bundleSize()
  say('promoting a version through two rings, and one by hand')
  const calls = await countPromotionCalls()
  return {
    measurements: [...rowsOfStart(starts), rowOfSize(size), ...rowsOfCalls(calls)],
    samples: { starts, size, calls },
  }
}

async function bundleSize(): Promise<number> {
  const names = (await readdir(dist)).filter(name => name.endsWith('.js'))
  const sizes = await Promise.all(names.map(async name => (await stat(join(dist, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function rowsOfStart(starts: Starts): readonly Measurement[] {
  const empty = median(starts.emptyMs)
  const measured = starts.branchDeployMs.length > 0
  const peer = measured ? median(starts.branchDeployMs) / empty : branchDeploy.startRatio
  const beside = `branch-deploy: ${peer.toFixed(2)} x an empty node${measured ? '' : ' (recorded)'}`
  const started = Object.entries(starts.commandsMs).map(([command, samples]): Measurement => {
    const ratio = median(samples) / empty
    return {
      measured: `start to the first call to GitHub, \`${command}\``,
      value: `${Math.round(median(samples))} ms, ${ratio.toFixed(2)} x an empty node`,
      beside,
      ratio: ratio / peer,
      aim: '< 1.00 x',
      isMet: ratio < peer,
    }
  })
  return [
    ...started,
    {
      measured: 'bytes of it that are loaded by then',
      value: kilobytes(starts.loadedBytes),
      beside: `branch-deploy, in one file: ${kilobytes(branchDeploy.bundleBytes)}`,
      ratio: starts.loadedBytes / branchDeploy.bundleBytes,
      aim: '< 1.00 x',
      isMet: starts.loadedBytes < branchDeploy.bundleBytes,
    },
  ]
}

function rowOfSize(size: number): Measurement {
  return {
    measured: 'the whole bundle',
    value: kilobytes(size),
    beside: `branch-deploy: ${kilobytes(branchDeploy.bundleBytes)}`,
    ratio: size / branchDeploy.bundleBytes,
    aim: '< 1.00 x',
    isMet: size < branchDeploy.bundleBytes,
  }
}

function rowsOfCalls({ sendingOn, placing, byHand }: PromotionCalls): readonly Measurement[] {
  const byItself = [...sendingOn, ...placing]
  return [
    rowOfCount('GitHub calls of a promotion that a person starts, all gates', byHand.length, branchDeploy.calls),
    rowOfCount('content writes of it', writes(byHand), branchDeploy.writes),
    rowOfCount('calls of one that goes on by itself, gates asked twice', byItself.length, branchDeploy.calls),
    rowOfCount('content writes of it', writes(byItself), branchDeploy.writes),
  ]
}

function rowOfCount(measured: string, value: number, peer: number): Measurement {
  return {
    measured,
    value: String(value),
    beside: `branch-deploy's deploy of one PR: ${peer}`,
    ratio: value / peer,
    aim: 'fewer',
    isMet: value < peer,
  }
}

function writes(routes: readonly string[]): number {
  return routes.filter(route => !route.startsWith('GET ')).length
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`
}
