import * as z from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import { textTable } from '../../text/table.ts'
import { exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { askedAnswer, minuteOf, nameIn } from './answers.ts'
import { type AppHere, findApp } from './ask-app.ts'
import { findRing, nameOf, pathOf, type RingHere, readRings } from './find-ring.ts'

type Asked = z.output<typeof askedAnswer>

const pageAnswer = z.looseObject({ items: z.array(askedAnswer) })
const wholeAnswer = askedAnswer.extend({
  is_active: z.boolean(),
  checks: z.array(z.looseObject({ kind: z.string(), words: z.string(), evidence: z.string() })),
  events: z.array(z.looseObject({ type: z.string(), at: z.string(), data: z.record(z.string(), z.unknown()) })),
})

/** `ringway deployments list`: the newest deployments of a ring, or of all. */
export async function listDeployments(
  terminal: Terminal,
  asked: { readonly ring: string | undefined; readonly limit: string },
): Promise<number> {
  const limit = readNumber('--limit', asked.limit, 100)
  const app = findApp(process.env)
  const rings = asked.ring === undefined ? await readRings(app) : [await findRing(app, asked.ring)]
  const found = await Promise.all(rings.map(ring => history(app, ring, limit)))
  const deployments = found
    .flat()
    .toSorted((a, b) => b.id - a.id)
    .slice(0, limit)
  if (deployments.length === 0) terminal.say('Nothing was deployed yet.')
  else terminal.say(textTable(['ID', 'RING', 'VERSION', 'STATE', 'SINCE', 'BY', 'WORDS'], deployments.map(row)))
  terminal.result({ ok: true, deployments })
  return exitCodes.ok
}

async function history(app: AppHere, ring: RingHere, limit: number): Promise<readonly Asked[]> {
  const { items } = await app.ask(pageAnswer, `GET ${pathOf(ring)}/deployments?limit=${limit}`)
  return items
}

function row(deployment: Asked): readonly string[] {
  const { id, state, task, since, requested_by: by, words } = deployment
  return [
    String(id),
    nameOf(deployment),
    nameIn(deployment),
    task === 'rollback' ? `${state} (rollback)` : state,
    minuteOf(since),
    by === null ? '–' : `@${by.login}`,
    words,
  ]
}

/** States of a deployment that are no good end. */
const bad = ['failed', 'rolling_back', 'rolled_back']

/** `ringway deployments status`: one deployment, as it came to be. The answer is no when it failed or was rolled back. */
export async function sayDeployment(terminal: Terminal, text: string): Promise<number> {
  const id = readNumber('The id', text, Number.MAX_SAFE_INTEGER)
  const found = await findApp(process.env).ask(wholeAnswer, `GET /deployments/${id}`)
  const by = found.requested_by === null ? '' : ` by @${found.requested_by.login}`
  terminal.say(`Deployment ${id}: ${nameIn(found)} in ${nameOf(found)}${by}`)
  terminal.say(`${found.state}${found.is_active ? ', and the ring points to it' : ''}: ${found.words}`)
  if (found.url !== null) terminal.say(found.url)
  if (found.events.length > 0) terminal.say('')
  for (const { type, at, data } of found.events) {
    terminal.say(`${minuteOf(at)}  ${type}  ${typeof data['words'] === 'string' ? data['words'] : ''}`.trimEnd())
  }
  if (found.checks.length > 0) terminal.say('')
  for (const { kind, words, evidence } of found.checks) terminal.say(`${kind}: ${words} (${evidence})`)
  const isGood = !bad.includes(found.state)
  terminal.result({ ok: isGood, deployment: found })
  return isGood ? exitCodes.ok : exitCodes.no
}

function readNumber(what: string, text: string, most: number): number {
  const number = Number(text)
  if (/^[1-9][0-9]{0,15}$/.test(text) && number <= most) return number
  throw new RingwayError({
    code: 'input_invalid',
    message: `${what} is ${JSON.stringify(text.slice(0, 40))}; expected is a number from 1${most < 1_000 ? ` to ${most}` : ' on'}.`,
    remedy: 'Type `ringway deployments --help`.',
  })
}
