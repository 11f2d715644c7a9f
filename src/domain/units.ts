/**
 * Units that the compiler keeps apart. A plain number or string becomes one of them only here, checked.
 */

declare const unit: unique symbol

/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly [unit]: 'EpochMs' }

/** A span of time in milliseconds, never negative. */
export type DurationMs = number & { readonly [unit]: 'DurationMs' }

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Sha256Digest = string & { readonly [unit]: 'Sha256Digest' }

/** A full git commit id: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
export type CommitSha = string & { readonly [unit]: 'CommitSha' }

/** @throws {RangeError} when `value` is no finite number */
export function epochMs(value: number): EpochMs {
  if (!Number.isFinite(value)) throw new RangeError(`An instant is a finite number of milliseconds, not ${value}.`)
  return value as EpochMs
}

/** @throws {RangeError} when `value` is negative or no finite number */
export function durationMs(value: number): DurationMs {
  if (!Number.isFinite(value) || value < 0) {
    throw new RangeError(`A duration is a finite number of milliseconds, 0 or more, not ${value}.`)
  }
  return value as DurationMs
}

/** Whether `text` is a full digest; a tag or a shortened digest is not. */
export function isSha256Digest(text: string): text is Sha256Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text)
}

/** @throws {RangeError} when `text` is no full SHA-256 digest */
export function sha256Digest(text: string): Sha256Digest {
  if (!isSha256Digest(text)) throw new RangeError(`A digest is sha256: and 64 hexadecimal digits, not "${text}".`)
  return text
}

/** Whether `text` is a full commit id; short ids are ambiguous and never accepted. */
export function isCommitSha(text: string): text is CommitSha {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

/** @throws {RangeError} when `text` is no full commit id */
export function commitSha(text: string): CommitSha {
  if (!isCommitSha(text)) throw new RangeError(`A commit is 40 or 64 hexadecimal digits, not "${text}".`)
  return text
}
