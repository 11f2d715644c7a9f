import type { Windows } from '../ring.ts'
import { type EpochMs, epochMs } from '../units.ts'
import type { GateVerdict } from './gate-verdict.ts'
import { isInside, nextOpening } from './weekly-window.ts'

/** Whether the ring takes deployments at this instant. A freeze closes it whatever the windows say. */
export function windowsGate(windows: Windows, now: EpochMs, hotfix = false): GateVerdict {
  const freeze = windows.freeze.find(span => span.from <= now && now < span.to && !(hotfix && span.except === 'hotfix'))
  if (freeze !== undefined) {
    return {
      gate: 'windows',
      verdict: 'wait',
      reason: 'frozen',
      words: `frozen: ${freeze.reason}`,
      until: freeze.to,
      remedy: 'Wait for its end, or change the freeze in the ring file. A rollback is never frozen.',
    }
  }
  if (windows.allow.length === 0) return { gate: 'windows', verdict: 'pass', reason: 'ok', words: 'open at any time' }
  const open = windows.allow.find(window => isInside(window, now))
  if (open !== undefined) return { gate: 'windows', verdict: 'pass', reason: 'ok', words: `inside ${open.text}` }
  const openings = windows.allow.map(window => nextOpening(window, now))
  return {
    gate: 'windows',
    verdict: 'wait',
    reason: 'outside_window',
    words: `open only ${windows.allow.map(window => window.text).join('; ')}`,
    until: epochMs(Math.min(...openings)),
  }
}
