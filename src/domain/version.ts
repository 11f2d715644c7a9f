import { type CommitSha, type Sha256Digest, sha256Digest } from './units.ts'

/** The n-th published artifact of a solution: 1, 2, … without gaps; written `v1`, `v2`, … */
export type VersionNumber = number

/** A published version: one number, one artifact, for ever. */
export interface Version {
  readonly number: VersionNumber
  /** The artifact: the digest of its OCI manifest. */
  readonly digest: Sha256Digest
  /** The content: the digest of its configuration blob. The same tree has the same one on every machine and commit. */
  readonly content: Sha256Digest
  /** The commit that it was first built from. */
  readonly commit: CommitSha
}

/** `v42` */
export function versionName(number: VersionNumber): string {
  return `v${number}`
}

/** The number in `v42`; undefined when the text is no version name. `v0` and `v01` are none. */
export function parseVersionName(text: string): VersionNumber | undefined {
  const digits = /^v([1-9][0-9]{0,8})$/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The annotated git tag that makes a version: `ringway/<solution>/v<n>`. */
export function versionTag(solution: string, number: VersionNumber): string {
  return `ringway/${solution}/${versionName(number)}`
}

/** How a version or an artifact without a number (a draft) is named to people. */
export function artifactName(artifact: {
  readonly version?: VersionNumber | undefined
  readonly digest: Sha256Digest
}): string {
  return artifact.version === undefined
    ? `draft ${artifact.digest.slice('sha256:'.length, 'sha256:'.length + 12)}`
    : versionName(artifact.version)
}

/** The message of a version's annotated tag. */
export function versionTagMessage(version: Pick<Version, 'digest' | 'content'>): string {
  return `artifact ${version.digest}\ncontent ${version.content}\n`
}

/** What the message of a version's annotated tag says; undefined when it is no version of ours. What follows, such as a signature, is passed over. */
export function readVersionTagMessage(message: string): Pick<Version, 'digest' | 'content'> | undefined {
  const digest = /^artifact (sha256:[0-9a-f]{64})$/m.exec(message)?.[1]
  const content = /^content (sha256:[0-9a-f]{64})$/m.exec(message)?.[1]
  if (digest === undefined || content === undefined) return undefined
  return { digest: sha256Digest(digest), content: sha256Digest(content) }
}
