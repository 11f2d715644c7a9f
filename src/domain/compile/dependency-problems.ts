import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, inRepository } from './compile-problem.ts'
import { type DependencyKind, dependencyKinds, isOwnPath } from './dependency-kinds.ts'
import { isRequirementsFile, looseRequirements } from './requirement-lines.ts'

const allLocks: ReadonlySet<string> = new Set(dependencyKinds.flatMap(({ locks }) => locks))

/** Whether dependencies may be declared in a file. */
export function isDependencyManifest(path: string): boolean {
  return (
    isOwnPath(path) &&
    (isRequirementsFile(path) || dependencyKinds.some(({ manifest }) => manifest.test(fileName(path))))
  )
}

/** The files of a solution that lock dependencies, sorted. A requirements file is one where every line is exact. */
export function lockFiles({ files, texts }: Pick<CompileFacts, 'files' | 'texts'>): readonly string[] {
  return files
    .map(({ path }) => path)
    .filter(path => isOwnPath(path) && isLock(path, texts.get(path)))
    .toSorted()
}

function isLock(path: string, text: string | undefined): boolean {
  if (isRequirementsFile(path)) return text !== undefined && looseRequirements(text).length === 0
  return allLocks.has(fileName(path))
}

/** Dependencies that another build could resolve differently: what runs must be what was built. */
export function dependencyProblems(facts: CompileFacts): readonly CompileProblem[] {
  const paths = new Set(facts.files.map(({ path }) => path))
  return [...facts.texts].flatMap(([path, text]): readonly CompileProblem[] => {
    if (!isDependencyManifest(path)) return []
    const kind = dependencyKinds.find(({ manifest }) => manifest.test(fileName(path)))
    if (kind === undefined) return looseLines(inRepository(facts.solution.path, path), text)
    if (!kind.declares(text) || hasLock(path, kind, paths)) return []
    return [unlocked(inRepository(facts.solution.path, path), kind)]
  })
}

function looseLines(path: string, text: string): readonly CompileProblem[] {
  return looseRequirements(text).map(({ line, text: requirement }) => ({
    severity: 'error',
    code: 'unpinned_dependency',
    path,
    line,
    message: `\`${requirement.slice(0, 100)}\` names no exact version; write \`<package>==<version>\`, as \`pip freeze\` shows it.`,
  }))
}

function unlocked(path: string, kind: DependencyKind): CompileProblem {
  const [usual = ''] = kind.locks
  return {
    severity: 'error',
    code: 'unlocked_dependencies',
    path,
    line: 1,
    message: `Dependencies are declared here and no lock file is among the files of the artifact, such as \`${usual}\`. Run \`${kind.remedy}\`, commit it, and see that \`include\` and \`exclude\` let it in.`,
  }
}

/** A lock stands beside its manifest, or above it where several packages share one. */
function hasLock(path: string, { locks }: DependencyKind, paths: ReadonlySet<string>): boolean {
  const steps = path.split('/').slice(0, -1)
  return Array.from({ length: steps.length + 1 }, (_, index) => steps.slice(0, index)).some(directory =>
    locks.some(lock => paths.has([...directory, lock].join('/'))),
  )
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
