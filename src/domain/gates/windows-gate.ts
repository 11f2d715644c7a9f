import type { Freeze, Windows } from '../ring.ts'
import { type EpochMs, epochMs } from '../units.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'
import { isInside, nextOpeningOf } from './weekly-window.ts'

/**
 * Whether the ring takes deployments at this instant. A freeze closes it whatever the windows say.
 *
 * @param hotfix - whether freezes that except hotfixes let it pass
 */
export function windowsGate(windows: Windows, now: EpochMs, hotfix = false): GateVerdict {
  const freeze = freezeAt(windows, now, hotfix)
  if (freeze !== undefined) {
    return {
      gate: 'windows',
      verdict: 'wait',
      reason: 'frozen',
      words: `frozen: ${freeze.reason}`,
      until: nextOpening(windows, now, hotfix),
      remedy: 'Wait for its end, or change the freeze in the ring file. A rollback is never frozen.',
    }
  }
  if (windows.allow.length === 0) return passed('windows', 'open at any time')
  const open = windows.allow.find(window => isInside(window, now))
  if (open !== undefined) return passed('windows', `inside ${open.text}`)
  return {
    gate: 'windows',
    verdict: 'wait',
    reason: 'outside_window',
    words: `open only ${windows.allow.map(window => window.text).join('; ')}`,
    until: nextOpening(windows, now, hotfix),
  }
}

/** The next instant, `now` included, at which a window is open and no freeze holds; undefined when there is none in sight. */
export function nextOpening(windows: Windows, now: EpochMs, hotfix = false): EpochMs | undefined {
  let at = now
  // Ends: each turn passes the end of a freeze for good, or finds an opening, which only a later freeze can close.
  for (;;) {
    const freeze = freezeAt(windows, at, hotfix)
    const open = freeze === undefined ? openingFrom(windows, at) : freeze.to
    if (open === undefined || open === at) return open
    at = open
  }
}

function openingFrom({ allow }: Windows, at: EpochMs): EpochMs | undefined {
  if (allow.length === 0) return at
  const openings = allow.flatMap(window => nextOpeningOf(window, at) ?? [])
  return openings.length === 0 ? undefined : epochMs(Math.min(...openings))
}

function freezeAt({ freeze }: Windows, at: EpochMs, hotfix: boolean): Freeze | undefined {
  return freeze.find(span => span.from <= at && at < span.to && !(hotfix && span.except === 'hotfix'))
}
