import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { inRepository } from '../../domain/compile/compile-problem.ts'
import { entryPath } from '../../domain/compile/entry-path.ts'
import { type Finding, ok } from '../../domain/finding.ts'
import type { RingFile, Solution } from '../../domain/solution.ts'
import { git } from '../git.ts'

/** Whether the scripts that the rings run are there, committed, and may be run. */
export function commandFindings(root: string, ringFile: RingFile): readonly Finding[] {
  return ringFile.solutions.flatMap(solution =>
    scriptsOf(solution).map(script => scriptFinding(root, solution, script)),
  )
}

interface Script {
  /** Relative to the solution. */
  readonly path: string
  /** Whether it is started itself, and not by another program such as `node`. */
  readonly isProgram: boolean
}

function scriptsOf({ rings }: Solution): readonly Script[] {
  const lines = rings.flatMap(({ deploy, checks }) => [
    deploy.run,
    deploy.activate,
    deploy.rollback,
    ...checks.map(check => (check.kind === 'run' ? check.run : undefined)),
  ])
  const found = new Map<string, Script>()
  for (const line of lines) {
    const path = line === undefined ? undefined : entryPath(line, new Set())
    // What leads out of the solution is no file of the artifact.
    if (line === undefined || path === undefined || path.startsWith('..')) continue
    const isProgram = firstWord(line).replace(/^\.\//, '') === path
    found.set(path, { path, isProgram: isProgram || found.get(path)?.isProgram === true })
  }
  return [...found.values()]
}

function firstWord(line: string): string {
  return /^(?:[A-Za-z_][A-Za-z0-9_]*=\S*\s+)*(\S*)/.exec(line.trim())?.[1] ?? ''
}

function scriptFinding(root: string, solution: Solution, { path, isProgram }: Script): Finding {
  const what = inRepository(solution.path, path)
  if (!existsSync(join(root, what))) {
    const made = solution.build === undefined ? '' : ' (unless the build command makes it)'
    const verdict = solution.build === undefined ? 'problem' : 'unknown'
    return { what, verdict, words: `not there${made}`, fix: `Write it: the rings of ${solution.name} run it.` }
  }
  const [mode] = (git(root, ['ls-files', '--stage', '--', what]) ?? '').split(' ')
  // What counts on GitHub's machines is what git has; the file system's own bit is for rehearsing here.
  const mayRun = !isProgram || (isExecutable(join(root, what)) && (mode === '' || mode === '100755'))
  if (!mayRun) {
    const fix = `chmod +x ${what} && git add ${what} && git update-index --chmod=+x ${what}`
    return { what, verdict: 'problem', words: 'may not be run', fix }
  }
  if (mode === '') return { what, verdict: 'advice', words: 'in no commit yet', fix: `git add ${what}` }
  return ok(what, isProgram ? 'is there and may be run' : 'is there')
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
