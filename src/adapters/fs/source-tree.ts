import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import picomatch from 'picomatch'
import { RingwayError } from '../../domain/ringway-error.ts'
import { brokenPathRule, collidingPaths, type PathRule } from '../../domain/safe-path.ts'
import { type SecretFinding, secretFileKind } from '../../domain/secret-pattern.ts'
import type { Component, Solution } from '../../domain/solution.ts'
import type { SourceFile } from '../../ports/artifacts.ts'
import type { SourceTree, Tree, TreeProblem } from '../../ports/source-tree.ts'
import { type ReadFile, readFiles } from './read-files.ts'
import { walkTree } from './walk-tree.ts'

/** The working tree below `root`, the repository's checkout. */
export function createSourceTree(root: string): SourceTree {
  return {
    list: solution => listTree(root, solution),
    readText: (tree, path) => readFile(join(tree.directory, path), 'utf8'),
  }
}

async function listTree(root: string, solution: Solution): Promise<Tree> {
  const directory = resolve(root, solution.path)
  if ((await stat(directory).catch(() => undefined))?.isDirectory() !== true) throw noDirectory(solution)
  const included = matcher(solution.include)
  const excluded = matcher(solution.exclude)
  const walk = await walkTree({
    directory,
    isIn: path => included(path) && !excluded(path),
    // A directory of which everything is out need not be looked into: it may be a node_modules.
    isClosed: matcher(solution.exclude.filter(glob => glob.endsWith('/**'))),
  })
  const found = walk.files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const read = await readFiles(directory, found)
  const componentOf = layers(solution.components)
  const files = read.map(({ path, size, executable, digest }): SourceFile => {
    return { path, size, executable, digest, component: componentOf(path) }
  })
  const problems = [...walk.problems, ...nameProblems(files.map(file => file.path))]
  return { directory, files, problems, secrets: read.flatMap(secretsIn) }
}

function secretsIn({ path, secrets, isAllowed }: ReadFile): readonly SecretFinding[] {
  const kind = secretFileKind(path)
  return kind === undefined || isAllowed ? secrets : [{ path, line: 1, kind }]
}

/** A file belongs to the one component whose globs match it; files of several or of none are shared. */
function layers(components: readonly Component[]): (path: string) => string | undefined {
  const matchers = components.map(component => ({ name: component.name, matches: matcher(component.files) }))
  return path => {
    const owners = matchers.filter(({ matches }) => matches(path))
    return owners.length === 1 ? owners[0]?.name : undefined
  }
}

function matcher(globs: readonly string[]): (path: string) => boolean {
  return globs.length === 0 ? () => false : picomatch([...globs], { dot: true })
}

const ruleWords: Record<PathRule, string> = {
  empty_path: 'is empty',
  absolute_path: 'is absolute',
  parent_path: 'holds ..',
  backslash: 'holds a backslash',
  control_character: 'holds a control character',
  drive_path: 'begins like a Windows drive',
  long_path: 'has more than 1,024 characters',
  long_segment: 'has a part of more than 255 bytes',
  not_normalised: "is not in Unicode's NFC form",
}

function nameProblems(paths: readonly string[]): readonly TreeProblem[] {
  const broken = paths.flatMap(path => {
    const rule = brokenPathRule(path)
    return rule === undefined ? [] : [{ path, message: `has a name that ${ruleWords[rule]}; rename it` }]
  })
  const colliding = collidingPaths(paths).map(([first, second]) => ({
    path: second,
    message: `cannot stand beside ${first} on systems that fold case; rename one of them`,
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
