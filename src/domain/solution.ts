import type { VerbTable } from './command/verbs.ts'
import type { ConfigLayer } from './configuration.ts'
import type { MessageMoment } from './message-template.ts'
import type { Ring } from './ring.ts'
import type { DurationMs } from './units.ts'
import type { VersionNumber } from './version.ts'

/** What the ring file of one repository declares. */
export interface RingFile {
  /** The repository's configuration layer. */
  readonly config: ConfigLayer
  /** The workflow file that is dispatched, as its base name in `.github/workflows`. */
  readonly workflow: string
  /** How many deployments of the repository may go on at once. */
  readonly slots: number
  readonly commands: CommandSettings
  /** The ids of GitHub Apps whose comments may be commands. */
  readonly allowedBots: readonly number[]
  /** Texts with placeholders; a moment without one is told in Ringway's own words. */
  readonly messages: { readonly [M in MessageMoment]?: string | undefined }
  /** In the order of the file. */
  readonly solutions: readonly Solution[]
}

/** How a repository is commanded by comments. */
export interface CommandSettings {
  /** No word means two commands. */
  readonly words: VerbTable
  /** How old a comment may be when it arrives. */
  readonly ttl: DurationMs
}

/** What is deployed as one. */
export interface Solution {
  readonly name: string
  /** The directory whose files go into the artifact, relative to the repository; `.` is the whole repository. */
  readonly path: string
  /** Globs relative to `path`; a file is in when one of them matches. */
  readonly include: readonly string[]
  /** Globs relative to `path`; a file that one of them matches is out. */
  readonly exclude: readonly string[]
  /** A command line that runs in `path` before packing. */
  readonly build?: string | undefined
  /** In the order of the file. */
  readonly components: readonly Component[]
  /** The solution's configuration layer. */
  readonly config: ConfigLayer
  /** By the name of a connector, the secret or variable that a ring has when it is connected there. */
  readonly connectors: Readonly<Record<string, string>>
  /** Configuration values that a ring must have before a version may enter. */
  readonly requiredConfig: readonly string[]
  /** In the order of the file; {@link Ring.after} says which ring follows which. */
  readonly rings: readonly Ring[]
}

/** What can be dispatched or used. */
export interface Component {
  readonly name: string
  /** An open set: agent, workflow, code, connector, model, config, service, … */
  readonly kind: string
  /** Globs, relative to the solution's path, of the files that are packed into this component's own layer. */
  readonly files: readonly string[]
  /** A command line: a process that speaks HTTP on $PORT. */
  readonly start?: string | undefined
  /** A command line: one process per run, JSON in, JSON out. */
  readonly exec?: string | undefined
  /** Where a `start` component answers. */
  readonly path?: string | undefined
  /** The JSON Schema of its input, a file relative to the solution's path. */
  readonly input?: string | undefined
  /** The JSON Schema of its output, a file relative to the solution's path. */
  readonly output?: string | undefined
  readonly uses: readonly ComponentReference[]
  /** Names of its tool registrations. */
  readonly tools: readonly string[]
  /** Names of what must be connected in the ring. */
  readonly connectors: readonly string[]
  /** Names of the secrets that it reads. */
  readonly secrets: readonly string[]
  /** How long one run may take. */
  readonly timeout?: DurationMs | undefined
  /** A graph of nodes and edges, a file relative to the solution's path. */
  readonly graph?: string | undefined
}

/** Another component that this one calls: in the same solution, or a published version of another one. */
export type ComponentReference =
  | { readonly kind: 'local'; readonly component: string }
  | {
      readonly kind: 'published'
      readonly solution: string
      readonly component: string
      readonly version: VersionNumber
    }

/** `classify`, or `billing/lookup@v12` */
export function referenceName(reference: ComponentReference): string {
  return reference.kind === 'local'
    ? reference.component
    : `${reference.solution}/${reference.component}@v${reference.version}`
}
