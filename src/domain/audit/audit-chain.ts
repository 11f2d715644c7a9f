import { canonicalJson } from '../canonical-json.ts'
import { type AuditEntry, type AuditHead, type AuditRecord, emptyChain } from './audit-entry.ts'

/** Lower-case hexadecimal SHA-256 of a text in UTF-8. */
export type Sha256 = (text: string) => string

/** What is wrong with the first entry that does not follow from the ones before it. */
export interface BrokenChain {
  readonly kind: 'broken'
  /** The first sequence number at which the chain is not what it was. */
  readonly seq: number
  /**
   * `order`: another entry stands there, so entries were removed, added or moved; `contents`: it was changed after it was written; `link`: it
   * follows another entry than the one before it; `end`: the head says otherwise, so entries after the last one are gone, or the last one or the head was changed.
   */
  readonly differs: 'order' | 'contents' | 'link' | 'end'
  readonly words: string
}

/** Whether a chain is what was written. */
export type ChainVerdict = { readonly kind: 'whole'; readonly entries: number; readonly head: AuditHead } | BrokenChain

/**
 * Makes a record the next entry of a tenant's chain.
 *
 * @param previous - where the chain ends now
 */
export function sealEntry(
  place: { readonly tenant: number; readonly previous: AuditHead },
  record: AuditRecord,
  sha256: Sha256,
): AuditEntry {
  const { at, actor, cause, action, subject, before, after } = record
  const unsealed = {
    tenant: place.tenant,
    seq: place.previous.seq + 1,
    prevHash: place.previous.hash,
    at,
    actor: { id: actor.id, login: actor.login },
    cause: { kind: cause.kind, id: cause.id },
    action,
    subject,
    before,
    after,
  }
  return { ...unsealed, hash: hashOf(unsealed, sha256) }
}

/**
 * Reads a tenant's chain from its first entry to its last.
 *
 * A chain that somebody wrote anew from an entry on, head included, is whole: only comparing with a head that was published shows that.
 *
 * @param chain - `head`: where the chain is said to end; absent: wherever the entries end
 */
export async function verifyChain(
  chain: {
    readonly tenant: number
    readonly entries: Iterable<AuditEntry> | AsyncIterable<AuditEntry>
    readonly head?: AuditHead
  },
  sha256: Sha256,
): Promise<ChainVerdict> {
  let last = emptyChain
  for await (const entry of chain.entries) {
    const broken = breakAt({ tenant: chain.tenant, previous: last }, entry, sha256)
    if (broken !== undefined) return broken
    last = { seq: entry.seq, hash: entry.hash }
  }
  const { head = last } = chain
  if (head.seq === last.seq && head.hash === last.hash) return { kind: 'whole', entries: last.seq, head: last }
  const words = `The chain is said to end with entry ${head.seq} (${head.hash}), and it ends with ${last.seq} (${last.hash}).`
  const seq = head.seq === last.seq ? last.seq : Math.min(head.seq, last.seq) + 1
  return { kind: 'broken', seq, differs: 'end', words }
}

function breakAt(
  place: { readonly tenant: number; readonly previous: AuditHead },
  entry: AuditEntry,
  sha256: Sha256,
): BrokenChain | undefined {
  const seq = place.previous.seq + 1
  const broken = (differs: BrokenChain['differs'], words: string): BrokenChain => ({
    kind: 'broken',
    seq,
    differs,
    words,
  })
  if (entry.tenant !== place.tenant || entry.seq !== seq) {
    return broken('order', `Entry ${seq} is missing; entry ${entry.seq} of tenant ${entry.tenant} stands in its place.`)
  }
  const hash = hashOf(entry, sha256)
  if (hash !== entry.hash) {
    return broken('contents', `Entry ${seq} hashes to ${hash}, and it was written as ${entry.hash}.`)
  }
  if (entry.prevHash !== place.previous.hash) {
    return broken('link', `Entry ${seq} follows ${entry.prevHash}, and the entry before it is ${place.previous.hash}.`)
  }
  return undefined
}

/** Every field by name, so that one that a store adds to its rows changes no hash. */
function hashOf(entry: Omit<AuditEntry, 'hash'>, sha256: Sha256): string {
  const { tenant, seq, prevHash, at, actor, cause, action, subject, before, after } = entry
  return sha256(canonicalJson({ tenant, seq, prevHash, at, actor, cause, action, subject, before, after }))
}
