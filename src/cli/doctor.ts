import { type Finding, ok } from '../domain/finding.ts'
import { printable } from '../text/escape-markdown.ts'
import { textTable } from '../text/table.ts'
import { appFindings } from './doctor/app-findings.ts'
import { commandFindings } from './doctor/command-findings.ts'
import { githubFindings } from './doctor/github-findings.ts'
import { machineFindings } from './doctor/machine-findings.ts'
import { lookAtRingFile } from './doctor/ring-file-findings.ts'
import { storeFinding } from './doctor/store-findings.ts'
import { workflowFindings } from './doctor/workflow-findings.ts'
import { exitCodes } from './exit-code.ts'
import { git } from './git.ts'
import { defaultBranchHere, findRepository, type RepositoryHere } from './repository-here.ts'
import type { Terminal } from './terminal.ts'
import { usualRingFile, workflowDirectory, workflowFile } from './usual-places.ts'

/** `ringway doctor`: what is missing on this machine, in this repository and on GitHub, each with its fix. */
export async function doctor(terminal: Terminal): Promise<number> {
  const findings = [...machineFindings(), ...(await repositoryFindings())]
  const rows = findings.map(({ verdict, what, words }) => [verdict, what, oneLine(words)])
  terminal.say(textTable(['', 'LOOKED AT', 'FOUND'], rows))
  for (const { what, fix, details = [] } of findings.filter(finding => finding.fix !== undefined)) {
    terminal.say('')
    terminal.say(`${what}: ${oneLine(fix ?? '')}`)
    for (const line of details) terminal.say(`  ${printable(line)}`)
  }
  const isWell = findings.every(finding => finding.verdict !== 'problem')
  terminal.result({ ok: isWell, findings })
  return isWell ? exitCodes.ok : exitCodes.no
}

async function repositoryFindings(): Promise<readonly Finding[]> {
  if (git(process.cwd(), ['rev-parse', '--show-toplevel']) === undefined) {
    const words = `${process.cwd()} is in no git repository`
    return [{ what: 'repository', verdict: 'problem', words, fix: 'Change into your repository, or type `git init`.' }]
  }
  const repository = findRepository()
  const { root, origin } = repository
  const defaultBranch = defaultBranchHere(root)
  const { finding, ringFile } = lookAtRingFile(root, usualRingFile)
  const workflow = ringFile === undefined ? workflowFile : `${workflowDirectory}/${ringFile.workflow}`
  const address = process.env['RINGWAY_URL']?.trim() ?? ''
  const noApp = { findings: [], knowsRings: false }
  const app = address === '' ? noApp : await appFindings({ address, root, origin, workflow })
  // What the App says of the rings counts: with it, other things hold.
  const rings = app.knowsRings ? [] : (ringFile?.solutions ?? []).flatMap(solution => solution.rings)
  return [
    commitFinding(repository),
    finding,
    ...workflowFindings({ root, path: workflow, defaultBranch }),
    ...(ringFile === undefined ? [] : commandFindings(root, ringFile)),
    await storeFinding(repository),
    ...app.findings,
    ...(await githubFindings({ root, origin, defaultBranch, rings, files: [usualRingFile, workflow] })),
  ]
}

function commitFinding({ root, origin }: RepositoryHere): Finding {
  const what = 'repository'
  const head = git(root, ['rev-parse', '--short', 'HEAD'])
  if (head !== undefined) return ok(what, `${origin?.url ?? root} at ${head}`)
  return { what, verdict: 'problem', words: 'has no commit', fix: 'git add --all && git commit' }
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ')
}
