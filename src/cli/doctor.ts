import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Octokit } from 'octokit'
import { createGithubEnvironments } from '../adapters/github/environments.ts'
import { createGithubClient } from '../adapters/github/github-client.ts'
import { readRingFile } from '../config/read-ring-file.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { RingFile } from '../domain/solution.ts'
import { textTable } from '../text/table.ts'
import { exitCodes } from './exit-code.ts'
import { git } from './git.ts'
import { workflowText } from './init.ts'
import { defaultBranchHere } from './repository-here.ts'
import type { Terminal } from './terminal.ts'
import { usualRingFile, workflowFile } from './usual-places.ts'

/** One thing that was looked at. */
interface Finding {
  readonly what: string
  /** `unknown`: it could not be looked at from here. */
  readonly verdict: 'ok' | 'missing' | 'unknown'
  readonly words: string
  /** What to do about it. */
  readonly fix?: string
}

/** `ringway doctor`: what is missing in this repository and on GitHub, each with its fix. */
export async function doctor(terminal: Terminal): Promise<number> {
  const root = git(process.cwd(), ['rev-parse', '--show-toplevel'])
  const findings = [...machine(), ...(root === undefined ? [noRepository()] : await inRepository(root))]
  terminal.say(
    textTable(
      ['', 'LOOKED AT', 'FOUND'],
      findings.map(({ verdict, what, words }) => [verdict, what, words]),
    ),
  )
  const open = findings.filter(finding => finding.fix !== undefined)
  if (open.length > 0) terminal.say('')
  for (const { what, fix = '' } of open) terminal.say(`${what}: ${fix}`)
  const ok = findings.every(finding => finding.verdict !== 'missing')
  terminal.result({ ok, findings })
  return ok ? exitCodes.ok : exitCodes.no
}

function machine(): readonly Finding[] {
  const version = git('.', ['--version'])
  return [
    { what: 'Node', verdict: 'ok', words: process.version },
    version === undefined
      ? { what: 'git', verdict: 'missing', words: 'not found', fix: 'Install git.' }
      : { what: 'git', verdict: 'ok', words: version.replace('git version ', '') },
  ]
}

function noRepository(): Finding {
  return {
    what: 'repository',
    verdict: 'missing',
    words: `${process.cwd()} is in none`,
    fix: 'Change into your repository, or type `git init`.',
  }
}

async function inRepository(root: string): Promise<readonly Finding[]> {
  const path = join(root, usualRingFile)
  const reading = existsSync(path) ? readRingFile(readFileSync(path, 'utf8'), usualRingFile) : undefined
  const ringFile = reading?.ok === true ? reading.ringFile : undefined
  const problems = reading?.ok === false ? reading.problems.length : 0
  const rings: Finding =
    ringFile === undefined
      ? {
          what: usualRingFile,
          verdict: 'missing',
          words: reading === undefined ? 'not there' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`,
          fix: reading === undefined ? 'Type `ringway init`.' : 'Type `ringway validate` to see each with its line.',
        }
      : { what: usualRingFile, verdict: 'ok', words: ringFile.solutions.map(one => one.name).join(', ') }
  return [
    rings,
    workflow(root),
    ...(ringFile === undefined ? [] : commands(root, ringFile)),
    ...(await onGithub(root, ringFile)),
  ]
}

function workflow(root: string): Finding {
  const path = join(root, workflowFile)
  if (!existsSync(path))
    return { what: workflowFile, verdict: 'missing', words: 'not there', fix: 'Type `ringway init`.' }
  const same = readFileSync(path, 'utf8') === workflowText(defaultBranchHere(root))
  return same
    ? { what: workflowFile, verdict: 'ok', words: 'as `ringway init` writes it' }
    : {
        what: workflowFile,
        verdict: 'ok',
        words: 'differs from what `ringway init` writes',
        fix: 'If you did not mean to, move it away, type `ringway init` and compare.',
      }
}

/** The scripts that the rings' command lines begin with are there and may be run. */
function commands(root: string, ringFile: RingFile): readonly Finding[] {
  return ringFile.solutions.flatMap(solution => {
    const lines = solution.rings.flatMap(({ deploy }) => [deploy.run, deploy.activate, deploy.rollback])
    const scripts = new Set(lines.flatMap(line => /^\.\/\S+/.exec(line ?? '')?.[0] ?? []))
    return [...scripts].map((script): Finding => {
      const what = join(solution.path, script)
      const path = join(root, what)
      if (!existsSync(path))
        return { what, verdict: 'missing', words: 'not there', fix: `Write it; the rings of ${solution.name} run it.` }
      return isExecutable(path)
        ? { what, verdict: 'ok', words: 'is there and may be run' }
        : {
            what,
            verdict: 'missing',
            words: 'may not be run',
            fix: `git update-index --chmod=+x ${what} && chmod +x ${what}`,
          }
    })
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What GitHub says, as far as a token lets us ask. */
async function onGithub(root: string, ringFile: RingFile | undefined): Promise<readonly Finding[]> {
  const what = 'GitHub'
  const [owner, repo] =
    /[:/]([^/:]+)\/([^/]+?)(?:\.git)?$/.exec(git(root, ['remote', 'get-url', 'origin']) ?? '')?.slice(1) ?? []
  if (owner === undefined || repo === undefined) {
    return [{ what, verdict: 'unknown', words: 'the repository has no origin', fix: 'git remote add origin <address>' }]
  }
  const token = process.env['GITHUB_TOKEN']
  if (token === undefined) {
    return [
      {
        what,
        verdict: 'unknown',
        words: 'not asked: GITHUB_TOKEN is not set',
        fix: 'GITHUB_TOKEN=$(gh auth token) ringway doctor',
      },
    ]
  }
  const baseUrl = process.env['GITHUB_API_URL'] ?? 'https://api.github.com'
  const octokit = new Octokit({ auth: token, baseUrl, retry: { enabled: false }, throttle: { enabled: false } })
  const client = createGithubClient({ octokit, owner, repo, sleep: () => Promise.resolve() })
  try {
    if ((await client.read('GET /repos/{owner}/{repo}')) === undefined) {
      return [
        {
          what,
          verdict: 'missing',
          words: `shows no ${owner}/${repo} to this token`,
          fix: 'Check the name, and that the token may read it.',
        },
      ]
    }
    const environments = createGithubEnvironments(client)
    const rings = ringFile?.solutions.flatMap(solution => solution.rings) ?? []
    const protections = await Promise.all(
      rings.map(async ring => ({
        ring,
        customRule: await environments.hasCustomRule(ring.environment),
        requiredReviewers: await environments.hasRequiredReviewers(ring.environment),
      })),
    )
    return [
      { what, verdict: 'ok', words: `${owner}/${repo}` },
      ...protections.map(({ ring, ...is }): Finding => {
        const enforced = is.customRule ? 'by a custom protection rule' : 'by dispatch'
        const reviewers = is.requiredReviewers ? ', with required reviewers' : ''
        const needsReviewers = ring.gates.approvals !== undefined && !is.requiredReviewers
        return {
          what: `environment ${ring.environment}`,
          verdict: needsReviewers ? 'missing' : 'ok',
          words: `enforced ${enforced}${reviewers}`,
          ...(needsReviewers
            ? {
                fix: `${ring.name} asks for approvals: give the environment required reviewers in the repository's settings.`,
              }
            : {}),
        }
      }),
    ]
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    return [{ what, verdict: 'unknown', words: error.message, fix: error.remedy }]
  }
}
