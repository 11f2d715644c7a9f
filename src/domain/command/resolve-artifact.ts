import type { Ring } from '../ring.ts'
import type { Sha256Digest } from '../units.ts'
import type { VersionNumber } from '../version.ts'
import type { Command } from './command.ts'
import type { NamedArtifact } from './named-artifact.ts'
import type { Refused } from './refused.ts'

/** Where a command was given, and what that place has of one solution. */
export type Place =
  | {
      readonly kind: 'merged_pull_request'
      /** The version that its merge commit made; absent while there is none. */
      readonly version: VersionNumber | undefined
    }
  | {
      readonly kind: 'open_pull_request'
      readonly fromFork: boolean
      /** The draft that was built of its head. */
      readonly draft: Sha256Digest | undefined
    }
  /** Closed without being merged. */
  | { readonly kind: 'closed_pull_request'; readonly fromFork: boolean }
  | { readonly kind: 'issue' }
  /** The console, the command line, the API. */
  | { readonly kind: 'elsewhere' }

/** The artifact that a promotion means. */
export interface ResolvedArtifact {
  readonly kind: 'artifact'
  readonly artifact: NamedArtifact
  /** `named` by the person, or what the pull request had: then a push in between changes what was meant. */
  readonly from: 'named' | 'merge' | 'head'
}

/** Which artifact a promotion means: the one that is named, else what the place stands for. */
export function resolveArtifact(
  named: NamedArtifact | undefined,
  place: Place,
  ring: Pick<Ring, 'name' | 'accepts'>,
): ResolvedArtifact | Refused {
  if (isFromFork(place)) return fork
  if (named !== undefined) return { kind: 'artifact', artifact: named, from: 'named' }
  switch (place.kind) {
    case 'merged_pull_request':
      return place.version === undefined
        ? notNamed('The merge commit of this pull request has made no version of the solution, or not yet.')
        : { kind: 'artifact', artifact: { kind: 'version', number: place.version }, from: 'merge' }
    case 'open_pull_request':
      return ofHead(place.draft, ring)
    case 'closed_pull_request':
      return notNamed('This pull request was closed without being merged, so it has no version.')
    case 'issue':
      return notNamed('An issue stands for no version.')
    case 'elsewhere':
      return notNamed('No version is named.')
  }
}

function ofHead(draft: Sha256Digest | undefined, ring: Pick<Ring, 'name' | 'accepts'>): ResolvedArtifact | Refused {
  if (ring.accepts !== 'drafts') {
    return {
      kind: 'refused',
      code: 'not_merged',
      message: `The pull request is not merged, and \`${ring.name}\` takes published versions only.`,
      remedy: 'Merge first, then promote; or name a version that is published.',
    }
  }
  if (draft !== undefined) return { kind: 'artifact', artifact: { kind: 'digest', digest: draft }, from: 'head' }
  return notNamed('The head of this pull request has no draft of the solution, or not yet.')
}

/** What only looks is allowed everywhere. */
const looks: readonly Command['kind'][] = ['status', 'diff', 'show_lock', 'help']

/** Why a command is not taken at a place at all: on a pull request from a fork none is that changes something. */
export function refusedAtPlace(command: Command, place: Place): Refused | undefined {
  return isFromFork(place) && !looks.includes(command.kind) ? fork : undefined
}

function isFromFork(place: Place): boolean {
  return (place.kind === 'open_pull_request' || place.kind === 'closed_pull_request') && place.fromFork
}

const fork: Refused = {
  kind: 'refused',
  code: 'fork_not_allowed',
  message: 'This pull request comes from a fork, whose owner can change it at any moment.',
  remedy: 'Give the command on an issue or a pull request of the repository itself.',
}

function notNamed(message: string): Refused {
  return {
    kind: 'refused',
    code: 'version_not_named',
    message,
    remedy: 'Name the version, such as `v12`, or the full digest.',
  }
}
