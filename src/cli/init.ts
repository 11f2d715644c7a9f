import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { exitCodes } from './exit-code.ts'
import { defaultBranchHere, findRepository } from './repository-here.ts'
import type { Terminal } from './terminal.ts'
import { usualRingFile, workflowFile } from './usual-places.ts'

/** The workflow file that serves everything, as it stands in the README, for a repository with this default branch. */
export function workflowText(defaultBranch: string): string {
  const text = readFileSync(join(import.meta.dirname, 'init', 'ringway.yml'), 'utf8')
  return text.replace(
    'branches: [main]',
    `branches: [${JSON.stringify(defaultBranch).replace(/^"([\w./-]+)"$/, '$1')}]`,
  )
}

/** `ringway init`: writes a ring file and the workflow for the repository that it stands in. Nothing that is there is changed. */
export async function init(terminal: Terminal): Promise<number> {
  const { root } = findRepository()
  const files = [
    { path: usualRingFile, text: ringFileText(root) },
    { path: workflowFile, text: workflowText(defaultBranchHere(root)) },
  ]
  const written = files.filter(({ path }) => !existsSync(join(root, path)))
  for (const { path, text } of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    terminal.say(`wrote ${path}`)
  }
  for (const { path } of files.filter(file => !written.includes(file)))
    terminal.say(`kept  ${path}: it is there already`)
  terminal.say('')
  terminal.say('Next: write how your solution is deployed into deploy.sh, check with `ringway validate`,')
  terminal.say('rehearse with `ringway sandbox`, then commit and push.')
  terminal.result({ ok: true, written: written.map(({ path }) => path) })
  return exitCodes.ok
}

function ringFileText(root: string): string {
  const name = solutionName(root)
  const start = startCommand(root)
  return `# What is deployed, and through which rings. Every key: https://github.com/ringway/ringway/blob/main/docs/ring-file.md
version: 1
solutions:
  ${name}:
    path: .
    components:
      ${name}:
        kind: service
        start: ${start}
    rings:
      dev:
        deploy-on: push
        deploy: { target: command, run: ./deploy.sh, activate: ./deploy.sh, rollback: ./deploy.sh }
        checks: [ { http: /healthz, expect: 200, within: 60s } ]
      production:
        after: dev
        deploy: { target: command, run: ./deploy.sh, activate: ./deploy.sh, rollback: ./deploy.sh }
        checks: [ { http: /healthz, expect: 200, within: 60s } ]
`
}

function solutionName(root: string): string {
  const plain = basename(root)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return plain === '' ? 'app' : plain.slice(0, 40)
}

/** The entry that package.json names, if there is one that exists; else one to be written. */
function startCommand(root: string): string {
  const path = join(root, 'package.json')
  const main = existsSync(path) ? readMain(readFileSync(path, 'utf8')) : undefined
  const entry = [main, 'server.js', 'index.js', 'server.mjs'].find(
    file => file !== undefined && existsSync(join(root, file)),
  )
  return entry === undefined ? 'node server.mjs' : `node ${entry}`
}

function readMain(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    const main = typeof parsed === 'object' && parsed !== null && 'main' in parsed ? parsed.main : undefined
    return typeof main === 'string' && /^[\w./-]+$/.test(main) ? main : undefined
  } catch {
    return undefined
  }
}
