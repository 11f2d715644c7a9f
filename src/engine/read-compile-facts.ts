import { pathsToRead } from '../domain/compile/compile.ts'
import type { CompileFacts, FileReading, PublishedComponent } from '../domain/compile/compile-facts.ts'
import { referenceName, type Solution } from '../domain/solution.ts'
import { versionName } from '../domain/version.ts'
import type { Tree } from '../ports/source-tree.ts'
import type { BuildPorts } from './build-ports.ts'

/** Files that are read at the same time. */
const atOnce = 32

/** What of the outside reading the facts asks for. */
export type FactPorts = Pick<BuildPorts, 'source' | 'readGraph' | 'readJsonSchema'> & {
  readonly versions: Pick<BuildPorts['versions'], 'read'>
  readonly artifacts: Pick<BuildPorts['artifacts'], 'read'>
}

/** The solution that is compiled, with what is known of it already. */
interface CompileSubject extends Pick<CompileFacts, 'solution' | 'ringFile'> {
  readonly tree: Tree
}

/** Reads everything that compile looks at: the texts that say something about the solution, and the published components that it uses. */
export async function readCompileFacts(ports: FactPorts, subject: CompileSubject): Promise<CompileFacts> {
  const { solution, ringFile, tree } = subject
  const there = new Set(tree.files.map(({ path }) => path))
  const named = (paths: readonly (string | undefined)[]): readonly string[] => [
    ...new Set(paths.flatMap(path => (path !== undefined && there.has(path) ? [path] : []))),
  ]
  const { components } = solution
  const schemaPaths = named(components.flatMap(({ input, output }) => [input, output]))
  const graphPaths = named(components.map(({ graph }) => graph))
  const readAll = <T>(
    paths: readonly string[],
    read: (text: string, path: string) => Promise<FileReading<T>>,
  ): Promise<ReadonlyMap<string, FileReading<T>>> =>
    readEach(paths, async path => await read(await ports.source.readText(tree, path), path))
  return {
    solution,
    ringFile,
    files: tree.files,
    texts: await readEach(pathsToRead(tree.files), path => ports.source.readText(tree, path)),
    schemas: await readAll(schemaPaths, ports.readJsonSchema),
    graphs: await readAll(graphPaths, ports.readGraph),
    treeProblems: tree.problems,
    secrets: tree.secrets,
    published: await readPublished(ports, solution),
  }
}

async function readEach<T>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const found: (readonly [string, T])[] = []
  for (let next = 0; next < paths.length; next += atOnce) {
    const some = paths.slice(next, next + atOnce)
    found.push(...(await Promise.all(some.map(async path => [path, await read(path)] as const))))
  }
  return new Map(found)
}

/** The published components that the solution uses and that exist: version by its tag, component by the artifact's manifest. */
async function readPublished(ports: FactPorts, solution: Solution): Promise<ReadonlyMap<string, PublishedComponent>> {
  const found = new Map<string, PublishedComponent>()
  for (const use of solution.components.flatMap(({ uses }) => uses)) {
    if (use.kind === 'local' || found.has(referenceName(use))) continue
    const version = await ports.versions.read(use.solution, use.version)
    const artifact = version === undefined ? undefined : await ports.artifacts.read(version.digest)
    const component = artifact?.manifest.components.find(({ name }) => name === use.component)
    if (artifact === undefined || component === undefined) continue
    const { input, output } = component
    const { digest } = artifact
    found.set(referenceName(use), { reference: { ...use, version: versionName(use.version), digest }, input, output })
  }
  return found
}
