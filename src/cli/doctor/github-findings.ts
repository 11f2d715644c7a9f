import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { GithubClient } from '../../adapters/github/github-client.ts'
import { createGithubRepository } from '../../adapters/github/repository.ts'
import { type Finding, ok } from '../../domain/finding.ts'
import type { Ring } from '../../domain/ring.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { apiUrlOf, type Origin } from '../origin.ts'
import { environmentFinding } from './environment-findings.ts'
import { connect, findToken } from './github-access.ts'

/** What of the repository here is compared with GitHub. */
export interface HereForGithub {
  readonly root: string
  readonly origin: Origin | undefined
  /** The default branch, as this clone knows it. */
  readonly defaultBranch: string
  /** Those whose environments are looked at. */
  readonly rings: readonly Ring[]
  /** Files that GitHub reads from the default branch. */
  readonly files: readonly string[]
}

const repositoryPayload = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
})
type RepositoryPayload = z.infer<typeof repositoryPayload>

const what = 'GitHub'

/** What GitHub says of the repository and the rings' environments, as far as it can be asked from here. */
export async function githubFindings(here: HereForGithub): Promise<readonly Finding[]> {
  const { origin } = here
  if (origin === undefined) {
    const fix = 'git remote add origin https://github.com/<owner>/<name>.git'
    return [{ what, verdict: 'advice', words: 'this repository has no remote `origin` on a server', fix }]
  }
  const token = findToken(origin, process.env)
  if (token === undefined) {
    const fix = `Type \`gh auth login --hostname ${origin.host}\`, or set GITHUB_TOKEN.`
    return [{ what, verdict: 'unknown', words: `not asked: this terminal has no token for ${origin.host}`, fix }]
  }
  try {
    return await ask(connect(origin, token), origin, here)
  } catch (error) {
    return [failed(error, origin)]
  }
}

async function ask(client: GithubClient, origin: Origin, here: HereForGithub): Promise<readonly Finding[]> {
  const answer = await client.read('GET /repos/{owner}/{repo}')
  if (answer === undefined) {
    const words = `shows no ${origin.owner}/${origin.name} to this token`
    return [
      { what, verdict: 'problem', words, fix: 'Check the address (git remote -v), and that the token may read it.' },
    ]
  }
  const repository = repositoryPayload.parse(answer.data)
  return [
    ...repositoryFindings(repository, here.defaultBranch),
    ...(await Promise.all(here.files.map(path => fileFinding(client, here.root, path)))),
    ...(await Promise.all(
      here.rings.map(ring =>
        environmentFinding(client, ring).catch(error => ({
          ...failed(error, origin),
          what: `environment ${ring.environment}`,
        })),
      ),
    )),
  ]
}

function repositoryFindings(repository: RepositoryPayload, branchHere: string): readonly Finding[] {
  const { full_name: name, default_branch: branch, archived, permissions } = repository
  if (archived === true) {
    return [{ what, verdict: 'problem', words: `${name} is archived`, fix: 'Unarchive it in its settings on GitHub.' }]
  }
  const moved: readonly Finding[] =
    branch === branchHere
      ? []
      : [
          {
            what: 'default branch',
            verdict: 'problem',
            words: `${branch} on GitHub, ${branchHere} as this clone knows it`,
            fix: 'git remote set-head origin --auto',
          },
        ]
  const mayWrite = permissions?.push === true
  const reading: Finding = {
    what: 'your permission',
    verdict: 'advice',
    words: 'this token may read only: starting the workflow, and so promoting and rolling back, takes write access',
    fix: `Ask who administers ${name} for the role write.`,
  }
  return [ok(what, `${name}, default branch ${branch}`), ...moved, ...(mayWrite ? [] : [reading])]
}

/** What runs and what decides is the default branch's file on GitHub. */
async function fileFinding(client: GithubClient, root: string, path: string): Promise<Finding> {
  const there = await createGithubRepository(client).readText({ path })
  const named = `${path} on GitHub`
  const fix = 'Commit it, and bring it to the default branch.'
  if (there === undefined) return { what: named, verdict: 'problem', words: 'not on the default branch', fix }
  if (there === readHere(join(root, path))) return ok(named, 'as it is here')
  return { what: named, verdict: 'advice', words: 'differs from the one here; the one on GitHub decides', fix }
}

function readHere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** That GitHub cannot be asked says nothing of the repository; that it refuses the token does. */
function failed(error: unknown, origin: Origin): Finding {
  if (!(error instanceof RingwayError)) throw error
  if (error.code === 'github_unreachable') {
    const fix = `See that this machine reaches ${apiUrlOf(origin, process.env)}, and type the command again.`
    return { what, verdict: 'unknown', words: 'could not be reached; everything else was looked at', fix }
  }
  const isRefused = error.facts['status'] === 401
  return {
    what,
    verdict: isRefused ? 'problem' : 'unknown',
    words: isRefused ? 'does not take this token' : error.message,
    fix: isRefused
      ? 'Set GITHUB_TOKEN to a valid token, or type `gh auth login`.'
      : 'Use a token that may read the repository and its Actions.',
  }
}
