import { RingwayError } from '../ringway-error.ts'
import { isSha256Digest, type Sha256Digest } from '../units.ts'
import { parseVersionName, type VersionNumber, versionName } from '../version.ts'
import { excerpt } from './invalid.ts'

/** An artifact as people name it: by its version or by its digest, both of which mean one thing for ever. */
export type NamedArtifact =
  | { readonly kind: 'version'; readonly number: VersionNumber }
  | { readonly kind: 'digest'; readonly digest: Sha256Digest }

/**
 * Reads `v12` or `sha256:…`.
 *
 * A commit is never taken, not even a full one: any commit of any fork can be asked for under the repository's name, so its id proves
 * nothing (Chainguard, "What the fork? Imposter commits in GitHub Actions and CI/CD", 2023).
 *
 * @throws {RingwayError} `commit_not_accepted`, or `command_invalid` for anything else
 */
export function readNamedArtifact(text: string): NamedArtifact {
  const number = parseVersionName(text)
  if (number !== undefined) return { kind: 'version', number }
  if (isSha256Digest(text)) return { kind: 'digest', digest: text }
  // Digits alone are sooner a version without its `v`, as people say it.
  if (/^(?=[0-9]*[a-f])[0-9a-f]{7,64}$/i.test(text) || /^[0-9]{10,64}$/.test(text)) {
    throw new RingwayError({
      code: 'commit_not_accepted',
      message: `${excerpt(text)} looks like a commit; a version such as \`v12\` or a full digest \`sha256:…\` was expected.`,
      remedy:
        text.length === 64
          ? 'Name the version, or write `sha256:` before it if it is a digest.'
          : 'Name the version, or the full digest; `status` shows both.',
    })
  }
  const meant = /^v?\.?([1-9][0-9]{0,8})$/i.exec(text)?.[1]
  throw new RingwayError({
    code: 'command_invalid',
    message: `${excerpt(text)} is no version: one such as \`v12\`, or a full digest \`sha256:…\` was expected.`,
    remedy: meant === undefined ? 'Name the version or the full digest.' : `Write \`v${meant}\`.`,
  })
}

/** `v12`, or the full digest */
export function namedArtifactName(artifact: NamedArtifact): string {
  return artifact.kind === 'version' ? versionName(artifact.number) : artifact.digest
}
