import { RingwayError } from '../../domain/ringway-error.ts'
import { isSha256Digest, type Sha256Digest } from '../../domain/units.ts'

/**
 * Makes sure that `reference` is a digest or a tag, because it becomes part of a URL or of a path.
 * Source: OCI distribution specification 1.1, "Pulling manifests".
 *
 * @throws {RingwayError} `input_invalid`
 */
export function checkReference(reference: string): string {
  if (isSha256Digest(reference) || /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(reference)) return reference
  throw new RingwayError({
    code: 'input_invalid',
    message: `An artifact is named by a digest (sha256: and 64 hexadecimal digits) or a tag, not by "${reference.slice(0, 80)}".`,
    remedy: 'Name a version such as v42, or a full digest.',
  })
}

/**
 * The tag under which a registry without the referrers API keeps the list of a manifest's referrers.
 * Source: OCI distribution specification 1.1, "Referrers tag schema".
 */
export function referrersTag(subject: Sha256Digest): string {
  return subject.replace(':', '-')
}

/**
 * The tag that one referrer has for itself where a registry has no referrers API.
 *
 * @param referrer - a digest, or `''` for what all such tags of a subject begin with
 */
export function referrerTag(subject: Sha256Digest, referrer: Sha256Digest | ''): string {
  return `${referrersTag(subject)}.${referrer.slice('sha256:'.length, 'sha256:'.length + 16)}`
}
