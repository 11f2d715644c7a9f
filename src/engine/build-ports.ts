import type { FileReading } from '../domain/compile/compile-facts.ts'
import type { Graph, JsonSchema } from '../domain/manifest.ts'
import type { BuildCommand } from '../ports/build-command.ts'
import type { SourceTree } from '../ports/source-tree.ts'
import type { DeployPorts } from './deploy-ports.ts'

/** Everything that building asks of the outside: the working tree, besides what placing asks for. */
export interface BuildPorts extends DeployPorts {
  readonly source: SourceTree
  readonly buildCommand: BuildCommand
  /** The text of the ring file of the commit that is built; undefined when it has none. */
  readonly readOwnRingFile: () => Promise<string | undefined>
  /** Reads the text of a graph. */
  readonly readGraph: (text: string, path: string) => Promise<FileReading<Graph>>
  /** Reads the text of a JSON Schema. */
  readonly readJsonSchema: (text: string, path: string) => Promise<FileReading<JsonSchema>>
  /** `https://github.com/owner/name` */
  readonly repositoryUrl: string
  /** Writes an instant as RFC 3339. */
  readonly isoTime: (at: number) => string
}
