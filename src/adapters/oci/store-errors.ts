import { RingwayError } from '../../domain/ringway-error.ts'
import type { Sha256Digest } from '../../domain/units.ts'

/** The bytes of a store, or those on the way to it, are not the ones that were named. */
export function digestMismatch(mismatch: {
  readonly location: string
  readonly expected: Sha256Digest
  /** What came instead, as the end of "the store gave …". */
  readonly came: string
}): RingwayError {
  return new RingwayError({
    code: 'digest_mismatch',
    message: `${mismatch.location} was asked for ${mismatch.expected} and gave ${mismatch.came}.`,
    remedy: 'Do not use this store until you know who or what changed the bytes; then publish the version again.',
    facts: { location: mismatch.location, expected: mismatch.expected },
  })
}

/** What was to be stored is not what its own descriptor says. */
export function sourceMismatch(mismatch: {
  readonly location: string
  readonly expected: Sha256Digest
  readonly came: string
}): RingwayError {
  return new RingwayError({
    code: 'digest_mismatch',
    message: `${mismatch.expected} was to be written to ${mismatch.location}, but its source gave ${mismatch.came}.`,
    remedy: 'Build again, and let nothing change the files while they are being packed.',
    facts: { location: mismatch.location, expected: mismatch.expected },
  })
}

/** A blob that must be there is not. */
export function blobMissing(location: string, digest: Sha256Digest): RingwayError {
  return new RingwayError({
    code: 'artifact_not_found',
    message: `${location} does not hold ${digest}.`,
    remedy: 'Publish the version again, or point to the store that holds it.',
    facts: { location, digest },
  })
}

/** A manifest that no store should hold. */
export function manifestRefused(refusal: {
  readonly location: string
  readonly reference: string
  readonly rule: string
  readonly words: string
}): RingwayError {
  return new RingwayError({
    code: 'artifact_refused',
    message: `The manifest ${refusal.reference} in ${refusal.location} ${refusal.words}.`,
    remedy: 'Name an artifact that Ringway published.',
    facts: { location: refusal.location, rule: refusal.rule },
  })
}
