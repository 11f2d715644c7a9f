import { compareInterfaces } from '../compatibility.ts'
import type { Manifest } from '../manifest.ts'
import type { RingGates } from '../ring.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** What the compatibility gate looks at. */
export interface InterfaceFacts {
  /** What the candidate promises to callers; undefined when it could not be read. */
  readonly candidate: Pick<Manifest, 'components'> | undefined
  /** What runs in the ring: the version that is active, and older ones that runs still hold. Empty: nothing does. */
  readonly running: readonly {
    /** `v41` */
    readonly name: string
    /** Undefined when it could not be read. */
    readonly manifest: Pick<Manifest, 'components'> | undefined
  }[]
}

/** Whether callers of what runs in the ring will be served as they are used to. */
export function compatibilityGate(rule: RingGates['compatibility'], facts: InterfaceFacts): GateVerdict {
  if (facts.running.length === 0) return passed('compatibility', 'nothing runs in the ring yet')
  const { candidate } = facts
  const unread = facts.running.filter(({ manifest }) => candidate === undefined || manifest === undefined)
  const breaks = facts.running.flatMap(({ name, manifest }) =>
    candidate === undefined || manifest === undefined ? [] : breaksOf(name, { manifest, candidate }),
  )
  if (breaks.length > 0) return broken(rule, breaks)
  if (unread.length === 0)
    return passed('compatibility', `serves the callers of ${facts.running.map(({ name }) => name).join(', ')}`)
  const words = `interfaces could not be compared with ${unread.map(({ name }) => name).join(', ')}`
  if (rule === 'warn') return passed('compatibility', words)
  return {
    gate: 'compatibility',
    verdict: 'errored',
    reason: 'store_unreachable',
    words,
    remedy: 'Let the App read the artifact store, and try again.',
  }
}

function breaksOf(
  name: string,
  pair: { readonly manifest: Pick<Manifest, 'components'>; readonly candidate: Pick<Manifest, 'components'> },
): readonly string[] {
  const { findings } = compareInterfaces(pair.manifest, pair.candidate)
  const words = findings.filter(({ breaking }) => breaking).map(finding => finding.words.replace(/\.$/, ''))
  return words.length === 0 ? [] : [`breaks callers of ${name}: ${words.join('; ')}`]
}

function broken(rule: RingGates['compatibility'], breaks: readonly string[]): GateVerdict {
  const words = breaks.join('. ')
  if (rule === 'warn') return { gate: 'compatibility', verdict: 'pass', reason: 'breaking_change', words }
  return {
    gate: 'compatibility',
    verdict: 'fail',
    reason: 'breaking_change',
    words,
    remedy: 'Keep what callers rely on, in a new version; or let `gates.compatibility: warn` accept the break.',
  }
}
