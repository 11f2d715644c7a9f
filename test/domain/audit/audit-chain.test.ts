import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sealEntry, verifyChain } from '../../../src/domain/audit/audit-chain.ts'
import {
  type AuditEntry,
  type AuditHead,
  type AuditRecord,
  emptyChain,
  emptyChainHash,
} from '../../../src/domain/audit/audit-entry.ts'
import { epochMs } from '../../../src/domain/units.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const tenant = 7

const record = (number: number): AuditRecord => ({
  at: epochMs(1_764_000_000_000 + number),
  actor: { id: 42, login: 'alice' },
  cause: { kind: 'comment', id: String(900 + number) },
  action: 'promotion.requested',
  subject: '7/99/support/staging',
  before: null,
  after: { version: `v${number}`, gates: ['soak', { state: 'wait' }] },
})

function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = []
  let previous: AuditHead = emptyChain
  for (let number = 1; number <= length; number += 1) {
    const entry = sealEntry({ tenant, previous }, record(number), sha256)
    entries.push(entry)
    previous = entry
  }
  return entries
}

/** The entry as somebody who knows the rule would write it anew. */
const resealed = (entry: AuditEntry, change: Partial<AuditEntry>): AuditEntry => {
  const changed = { ...entry, ...change }
  return sealEntry({ tenant, previous: { seq: changed.seq - 1, hash: changed.prevHash } }, changed, sha256)
}

describe('[M18+] sealing', () => {
  it('counts from one, and the first entry follows nothing', () => {
    expect(chainOf(1)[0]).toMatchObject({ tenant, seq: 1, prevHash: emptyChainHash })
  })
  it('is one known text, so that any program can verify a log', () => {
    const [entry] = chainOf(1)
    const text =
      `{"action":"promotion.requested","actor":{"id":42,"login":"alice"},"after":{"gates":["soak",{"state":"wait"}],"version":"v1"},` +
      `"at":1764000000001,"before":null,"cause":{"id":"901","kind":"comment"},"prevHash":"${emptyChainHash}","seq":1,` +
      `"subject":"7/99/support/staging","tenant":7}`
    expect(entry?.hash).toBe(sha256(text))
  })
  it('keeps nothing that is not part of an entry', () => {
    const given = { ...record(1), actor: { id: 42, login: 'alice', token: 'ghp_x' } }
    expect(JSON.stringify(sealEntry({ tenant, previous: emptyChain }, given, sha256))).not.toContain('ghp_x')
  })
})

describe('[M18+] verifying', () => {
  it('finds a chain whole and says where it ends', async () => {
    const entries = chainOf(5)
    const head = { seq: 5, hash: entries[4]?.hash ?? '' }
    expect(await verifyChain({ tenant, entries, head }, sha256)).toEqual({ kind: 'whole', entries: 5, head })
  })
  it('finds a chain without entries whole', async () => {
    expect(await verifyChain({ tenant, entries: [], head: emptyChain }, sha256)).toMatchObject({ entries: 0 })
  })
  it('reads entries as they come', async () => {
    async function* stream(): AsyncGenerator<AuditEntry> {
      yield* chainOf(3)
    }
    expect(await verifyChain({ tenant, entries: stream() }, sha256)).toMatchObject({ kind: 'whole', entries: 3 })
  })

  const whole = chainOf(5)
  const head = { seq: 5, hash: whole[4]?.hash ?? '' }
  const at = (index: number, change: (entry: AuditEntry) => AuditEntry): AuditEntry[] =>
    whole.map((entry, place) => (place === index ? change(entry) : entry))
  const swapped = [0, 2, 1, 3, 4].flatMap(place => whole[place] ?? [])

  it.each<{ what: string; entries: readonly AuditEntry[]; seq: number; differs: string; said?: AuditHead }>([
    {
      what: 'an actor changed',
      entries: at(2, e => ({ ...e, actor: { id: 1, login: 'bob' } })),
      seq: 3,
      differs: 'contents',
    },
    { what: 'an instant changed', entries: at(1, e => ({ ...e, at: epochMs(0) })), seq: 2, differs: 'contents' },
    { what: 'what was so after changed', entries: at(0, e => ({ ...e, after: null })), seq: 1, differs: 'contents' },
    { what: 'a hash changed', entries: at(3, e => ({ ...e, hash: emptyChainHash })), seq: 4, differs: 'contents' },
    {
      what: 'an entry changed and sealed again',
      entries: at(2, e => resealed(e, { action: 'x' })),
      seq: 4,
      differs: 'link',
    },
    {
      what: 'the last entry changed and sealed again',
      entries: at(4, e => resealed(e, { action: 'x' })),
      seq: 5,
      differs: 'end',
    },
    { what: 'the first entry removed', entries: whole.slice(1), seq: 1, differs: 'order' },
    { what: 'an entry removed', entries: whole.filter(e => e.seq !== 3), seq: 3, differs: 'order' },
    { what: 'two entries swapped', entries: swapped, seq: 2, differs: 'order' },
    { what: 'an entry twice', entries: whole.flatMap(e => (e.seq === 2 ? [e, e] : [e])), seq: 3, differs: 'order' },
    { what: 'an entry of another tenant', entries: at(1, e => ({ ...e, tenant: 8 })), seq: 2, differs: 'order' },
    { what: 'the last two entries gone', entries: whole.slice(0, 3), seq: 4, differs: 'end' },
    { what: 'all entries gone', entries: [], seq: 1, differs: 'end' },
    { what: 'the head set back', entries: whole, said: whole[2] ?? head, seq: 4, differs: 'end' },
  ])('F104: $what is found at entry $seq', async ({ entries, seq, differs, said }) => {
    const verdict = await verifyChain({ tenant, entries, head: said ?? head }, sha256)
    expect(verdict).toMatchObject({ kind: 'broken', seq, differs })
  })

  it('F104: finds any change of any value of any entry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(4), fc.constantFrom(...leaves(record(1))), fc.jsonValue(), async (index, path, value) => {
        const entries = structuredClone(whole)
        const entry: unknown = entries[index]
        const changed = setAt(entry, path, value)
        fc.pre(changed)
        const verdict = await verifyChain({ tenant, entries, head }, sha256)
        expect(verdict).toMatchObject({ kind: 'broken', seq: index + 1 })
      }),
      { numRuns: 200 },
    )
  })
})

/** The paths of all values inside. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
}

/** @returns whether that changed anything */
function setAt(target: unknown, [key = '', ...rest]: readonly string[], value: unknown): boolean {
  if (typeof target !== 'object' || target === null) return false
  const member: unknown = Reflect.get(target, key)
  if (rest.length > 0) return setAt(member, rest, value)
  if (JSON.stringify(member) === JSON.stringify(value)) return false
  return Reflect.set(target, key, value)
}
