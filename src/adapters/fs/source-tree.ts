import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { RingwayError } from '../../domain/ringway-error.ts'
import { brokenPathRule, collidingPaths } from '../../domain/safe-path.ts'
import type { Component, Solution } from '../../domain/solution.ts'
import type { SourceFile } from '../../ports/artifacts.ts'
import type { SourceTree, Tree, TreeProblem } from '../../ports/source-tree.ts'
import { findSecrets } from './find-secrets.ts'

/** The working tree below `root`, the repository's checkout. */
export function createSourceTree(root: string): SourceTree {
  return {
    list: solution => listTree(root, solution),
    readText: (tree, path) => readFile(join(tree.directory, path), 'utf8'),
    findSecrets,
  }
}

type Matches = (path: string) => boolean

/** What walking collects. */
interface Walk {
  readonly directory: string
  readonly isIn: Matches
  readonly files: { path: string; size: number; executable: boolean }[]
  readonly problems: TreeProblem[]
}

async function listTree(root: string, solution: Solution): Promise<Tree> {
  const directory = resolve(root, solution.path)
  if ((await stat(directory).catch(() => undefined))?.isDirectory() !== true) throw noDirectory(solution)
  const included = matcher(solution.include)
  const excluded = matcher(solution.exclude)
  const walk: Walk = { directory, isIn: path => included(path) && !excluded(path), files: [], problems: [] }
  await walkInto(walk, '')
  const files = walk.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const layerOf = layers(solution.components)
  return {
    directory,
    files: files.map(file => withComponent(file, layerOf(file.path))),
    problems: [...walk.problems, ...nameProblems(files.map(file => file.path))],
  }
}

async function walkInto(walk: Walk, below: string): Promise<void> {
  const entries = await readdir(join(walk.directory, below), { withFileTypes: true })
  await Promise.all(
    entries.map(async entry => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.name === '.git') return
      if (entry.isDirectory()) return await walkInto(walk, path)
      if (!walk.isIn(path)) return
      if (entry.isSymbolicLink()) await followLink(walk, path)
      else if (entry.isFile()) await addFile(walk, path)
      else walk.problems.push({ path, message: 'is neither a file nor a directory' })
    }),
  )
}

async function addFile(walk: Walk, path: string): Promise<void> {
  const { size, mode } = await stat(join(walk.directory, path))
  walk.files.push({ path, size, executable: (mode & 0o100) !== 0 })
}

/** A link to a file of the tree is packed as that file: an artifact holds no links, so that none can lead out of it. */
async function followLink(walk: Walk, path: string): Promise<void> {
  const target = await realpath(join(walk.directory, path)).catch(() => undefined)
  if (target === undefined) return void walk.problems.push({ path, message: 'is a link to nothing' })
  const inside = relative(await realpath(walk.directory), target)
  if (inside.startsWith('..') || inside.startsWith(sep)) {
    return void walk.problems.push({ path, message: 'is a link that leaves the solution; copy what it points to' })
  }
  if ((await stat(target)).isDirectory()) {
    return void walk.problems.push({ path, message: 'is a link to a directory; copy it, or exclude the link' })
  }
  await addFile(walk, path)
}

/** A file belongs to the one component whose globs match it; files of several or of none are shared. */
function layers(components: readonly Component[]): (path: string) => string | undefined {
  const matchers = components.map(component => ({ name: component.name, matches: matcher(component.files) }))
  return path => {
    const owners = matchers.filter(({ matches }) => matches(path))
    return owners.length === 1 ? owners[0]?.name : undefined
  }
}

function withComponent(file: Omit<SourceFile, 'component'>, component: string | undefined): SourceFile {
  return component === undefined ? file : { ...file, component }
}

function matcher(globs: readonly string[]): Matches {
  return globs.length === 0 ? () => false : picomatch([...globs], { dot: true })
}

function nameProblems(paths: readonly string[]): readonly TreeProblem[] {
  const broken = paths.flatMap(path => {
    const rule = brokenPathRule(path)
    return rule === undefined ? [] : [{ path, message: `has a name that not every system takes (${rule})` }]
  })
  const colliding = collidingPaths(paths).map(([first, second]) => ({
    path: second,
    message: `is the same file as ${first} on systems that fold case`,
  }))
  return [...broken, ...colliding]
}

function noDirectory(solution: Solution): RingwayError {
  return new RingwayError({
    code: 'compile_failed',
    message: `Solution ${solution.name} stands in ${solution.path}, and there is no such directory.`,
    remedy: `Correct \`path\` of ${solution.name} in the ring file.`,
  })
}
