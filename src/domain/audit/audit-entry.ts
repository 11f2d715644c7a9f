import type { Json } from '../manifest.ts'
import type { EpochMs } from '../units.ts'

/** What made something happen; `id` finds it again: a delivery's GUID, a comment's id, the id of a session, a request or a run. */
export interface AuditCause {
  readonly kind: 'delivery' | 'comment' | 'button' | 'session' | 'api' | 'run' | 'system'
  readonly id: string
}

/** Something that was done, as it is to be remembered. */
export interface AuditRecord {
  /** By the clock of the store. */
  readonly at: EpochMs
  /** Who did it, by GitHub's id: logins are given away again. What nobody did was done by the App's own account. */
  readonly actor: { readonly id: number; readonly login: string }
  readonly cause: AuditCause
  /** `promotion.requested`, `lock.taken`: the thing and what happened to it. */
  readonly action: string
  /** What it was done to; `auditSubject` writes it. */
  readonly subject: string
  /** What was so before; null where there was nothing. */
  readonly before: Json
  readonly after: Json
}

/** Where a chain ends. */
export interface AuditHead {
  /** Of the last entry; 0 for a chain without entries. */
  readonly seq: number
  /** Of the last entry; {@link emptyChainHash} for a chain without entries. */
  readonly hash: string
}

/** An entry of a tenant's audit log. */
export interface AuditEntry extends AuditRecord {
  /** The chain that it belongs to. */
  readonly tenant: number
  /** 1, 2, 3 … without a gap. */
  readonly seq: number
  /** The hash of the entry before. */
  readonly prevHash: string
  /** Lower-case hexadecimal SHA-256 of everything else of the entry, as canonical JSON. */
  readonly hash: string
}

/** What the first entry of a chain follows. */
export const emptyChainHash = '0'.repeat(64)

/** The head of a chain without entries. */
export const emptyChain: AuditHead = { seq: 0, hash: emptyChainHash }
