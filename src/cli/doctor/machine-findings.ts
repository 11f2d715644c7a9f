import { type Finding, ok } from '../../domain/finding.ts'
import { git } from '../git.ts'

/** The oldest that runs this program from its source. */
const oldestNode = 24
/** The oldest whose `git init` takes the name of the first branch. */
const oldestGit: readonly [number, number] = [2, 28]

/** What this machine has to have. */
export function machineFindings(): readonly Finding[] {
  return [nodeFinding(process.versions.node), gitFinding(git('.', ['--version']))]
}

export function nodeFinding(version: string): Finding {
  if (Number.parseInt(version, 10) >= oldestNode) return ok('Node', version)
  const fix = `Install Node ${oldestNode} or newer from https://nodejs.org, or start ringway by src/cli/ringway.mjs, which finds one.`
  return { what: 'Node', verdict: 'problem', words: `${version}; expected is ${oldestNode} or newer`, fix }
}

/** @param printed - what `git --version` says; undefined when there is no git */
export function gitFinding(printed: string | undefined): Finding {
  const what = 'git'
  const fix = `Install git ${oldestGit.join('.')} or newer from https://git-scm.com.`
  if (printed === undefined) return { what, verdict: 'problem', words: 'not found', fix }
  const version = printed.replace(/^git version /, '')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1])
  if (!isOld) return ok(what, version)
  return { what, verdict: 'problem', words: `${version}; expected is ${oldestGit.join('.')} or newer`, fix }
}
