import { textTable } from '../../text/table.ts'
import { exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { minuteOf, nameIn } from './answers.ts'
import { findApp } from './ask-app.ts'
import { findRing, nameOf, type RingHere, readRings } from './find-ring.ts'

/** `ringway status`: what each ring points to, what waits to enter it, and who locked it. */
export async function sayStatus(terminal: Terminal, name: string | undefined): Promise<number> {
  const app = findApp(process.env)
  const rings = name === undefined ? await readRings(app) : [await findRing(app, name)]
  terminal.say(textTable(['RING', 'ACTIVE', 'SINCE', 'STATUS', 'PROMOTION', 'LOCKED BY'], rings.map(row)))
  terminal.result({ ok: true, rings })
  return exitCodes.ok
}

function row(ring: RingHere): readonly string[] {
  const { active, promotion, status, locks } = ring
  return [
    nameOf(ring),
    active === null ? '–' : nameIn(active),
    active === null ? '–' : minuteOf(active.since),
    status,
    promotion === null ? '–' : `${nameIn(promotion)} ${promotion.state}`,
    locks.map(({ by }) => `@${by.login}`).join(', ') || '–',
  ]
}
