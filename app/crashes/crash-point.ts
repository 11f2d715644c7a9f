import { writeSync } from 'node:fs'
import { githubWrites } from '../../src/engine/control/around-writes.ts'

/** What the App can be told to die right before, and right after. */
export const crashSteps = [
  // Storing a delivery, and writing how its handling ended.
  'inbox.accept',
  'inbox.conclude',
  // A commit that writes something, by what the transaction belongs to.
  'commit.request',
  'commit.delivery',
  'commit.ring',
  'commit.effects',
  'commit.onward',
  'commit.supervise',
  // The work under a lease: it was just taken, and it is about to be given back.
  'lease',
  // What is changed on GitHub.
  ...githubWrites.map(write => `github.${write}` as const),
] as const

/** One of {@link crashSteps}. */
export type CrashStep = (typeof crashSteps)[number]

const moments = ['before', 'after'] as const

/** A place at which the App can be told to die, as `commit.ring.before`. */
export type CrashPoint = `${CrashStep}.${(typeof moments)[number]}`

/** Every one. */
export const crashPoints: readonly CrashPoint[] = crashSteps.flatMap(step =>
  moments.map(moment => `${step}.${moment}` as const),
)

/** Passes a point, or dies there. */
export type ReachPoint = (point: CrashPoint) => void

/** At once: nothing is flushed, nothing given back. */
function killed(words: string): void {
  writeSync(2, `${words}\n`)
  process.kill(process.pid, 'SIGKILL')
}

/**
 * Reads where to die: points with the time at which each is deadly, as `commit.ring.before:2,github.react.after`. The first that is reached kills.
 *
 * @param die - gets the last words
 * @throws {RangeError} for anything else
 */
export function readCrashPoints(text: string, die: (words: string) => void = killed): ReachPoint {
  const left = new Map(text.split(',').map(readOne))
  return point => {
    const times = left.get(point)
    if (times === undefined) return
    left.set(point, times - 1)
    if (times === 1) die(`crash point ${point}`)
  }
}

function readOne(text: string): readonly [CrashPoint, number] {
  const [name, times = '1'] = text.trim().split(':')
  const point = crashPoints.find(one => one === name)
  if (point !== undefined && /^[1-9][0-9]{0,5}$/.test(times)) return [point, Number(times)]
  throw new RangeError(`RINGWAY_CRASH_AT has "${text}", and takes <point>[:<time>] of ${crashPoints.join(', ')}.`)
}
