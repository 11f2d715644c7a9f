import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import picomatch from 'picomatch'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import type { ConfigLayer } from '../../src/domain/configuration.ts'
import type { ManifestComponent } from '../../src/domain/manifest.ts'
import type { Ring } from '../../src/domain/ring.ts'
import type { Component, RingFile, Solution } from '../../src/domain/solution.ts'
import { component, describeArtifact, type UnpackedArtifact } from './unpacked-artifact.ts'

const examples = join(import.meta.dirname, '../../examples')

/** An example as a newcomer has it: copied into a git repository of its own. */
export interface ExampleRepository {
  readonly directory: string
  readonly ringFile: RingFile
  readonly solution: Solution
  ring(name: string): Ring
  /** The ring's effective configuration. */
  configuration(ring: string): ConfigLayer
  /** Applies a change of the example as a commit. */
  apply(patch: string): Promise<void>
  /** Runs the solution's `build`. */
  build(): Promise<string>
  /** What the Action would unpack of the commit as it stands. */
  unpack(): Promise<UnpackedArtifact>
  dispose(): Promise<void>
}

export async function copyExample(name: string): Promise<ExampleRepository> {
  const root = await mkdtemp(join(tmpdir(), 'ringway-example-'))
  const directory = join(root, 'repository')
  await cp(join(examples, name), directory, { recursive: true })
  const git = (...args: readonly string[]) =>
    promisify(execFile)('git', ['-c', 'user.name=Test', '-c', 'user.email=test@shop.example', ...args], {
      cwd: directory,
    })
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'Begin')

  const read = readRingFile(await readFile(join(directory, '.github/rings.yml'), 'utf8'))
  if (!read.ok) throw new Error(JSON.stringify(read.problems, undefined, 2))
  const { ringFile } = read
  const [solution] = ringFile.solutions
  if (solution === undefined) throw new Error(`${name} has no solution`)
  const ring = (wanted: string): Ring => {
    const found = solution.rings.find(each => each.name === wanted)
    if (found === undefined) throw new Error(`${name} has no ring ${wanted}`)
    return found
  }
  let unpacked = 0
  return {
    directory,
    ringFile,
    solution,
    ring,
    configuration: wanted => ({ ...ringFile.config, ...solution.config, ...ring(wanted).config }),
    apply: async patch => void (await git('am', '--quiet', join(examples, name, 'changes', patch))),
    build: async () => {
      const line = solution.build ?? 'true'
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line], { cwd: join(directory, solution.path) })
      return stdout
    },
    unpack: async () => {
      unpacked += 1
      return await unpackSolution({
        solution,
        from: join(directory, solution.path),
        to: join(root, `artifact-${unpacked}`),
      })
    },
    dispose: () => rm(root, { recursive: true }),
  }
}

async function unpackSolution(at: { solution: Solution; from: string; to: string }): Promise<UnpackedArtifact> {
  const isOut = picomatch([...at.solution.exclude], { dot: true })
  await cp(at.from, at.to, { recursive: true, filter: path => !isOut(relative(at.from, path)) })
  const components = await Promise.all(inOrder(at.solution.components).map(each => describe(each, at.to)))
  return await describeArtifact({ directory: at.to, components })
}

async function describe(from: Component, directory: string): Promise<ManifestComponent> {
  const schema = async (path: string | undefined) =>
    path === undefined ? undefined : JSON.parse(await readFile(join(directory, path), 'utf8'))
  const { name, kind, start, exec, path, timeout: timeoutMs, uses } = from
  const local = uses.flatMap(use => (use.kind === 'local' ? [use] : []))
  const schemas = { input: await schema(from.input), output: await schema(from.output) }
  return component({ name, kind, start, exec, path, timeoutMs, uses: local, ...schemas })
}

/** Each after those that it uses. */
function inOrder(components: readonly Component[]): Component[] {
  const ordered = new Set<Component>()
  const visit = (each: Component): void => {
    const used = each.uses.flatMap(use =>
      use.kind === 'local' ? components.filter(({ name }) => name === use.component) : [],
    )
    used.forEach(visit)
    ordered.add(each)
  }
  components.forEach(visit)
  return [...ordered]
}
