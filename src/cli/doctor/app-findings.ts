import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { readAppAddress } from '../../adapters/control-plane/app-address.ts'
import { AppFailure } from '../../adapters/control-plane/app-failure.ts'
import { readAppAnswer } from '../../adapters/control-plane/read-app-answer.ts'
import { type Finding, ok } from '../../domain/finding.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Origin } from '../origin.ts'
import { connect, findToken } from './github-access.ts'

/** What is compared with the App. */
export interface HereForApp {
  /** As RINGWAY_URL has it. */
  readonly address: string
  readonly root: string
  readonly origin: Origin | undefined
  /** `.github/workflows/ringway.yml` */
  readonly workflow: string
}

/** What the App says, and whether it spoke of the rings. */
export interface AppFindings {
  readonly findings: readonly Finding[]
  readonly knowsRings: boolean
}

/** Milliseconds for one answer. */
const patienceMs = 20_000

const reportPayload = z.object({
  findings: z.array(
    z.object({
      what: z.string(),
      verdict: z.enum(['ok', 'problem', 'advice', 'unknown']),
      words: z.string(),
      fix: z.string().nullable(),
    }),
  ),
})
const missingPayload = z.object({ missing: z.array(z.object({ name: z.string(), reason: z.string() })) })

/** Whether the App of RINGWAY_URL can be reached and has what it needs, and whether runs of the repository find it. */
export async function appFindings(here: HereForApp): Promise<AppFindings> {
  const { address, root, origin, workflow } = here
  let base: string
  try {
    base = readAppAddress(address).base
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    const words = 'RINGWAY_URL of this terminal is no https:// address'
    return {
      findings: [{ what: 'App', verdict: 'problem', words, fix: 'Set it to the address of the App.' }],
      knowsRings: false,
    }
  }
  const calling = callingFinding(root, workflow)
  const reached = await readinessFinding(base)
  const token = origin === undefined ? undefined : findToken(origin, process.env)
  if (origin === undefined || token === undefined || reached.verdict === 'unknown') {
    return { findings: [reached, ...calling], knowsRings: false }
  }
  const told = await reportFindings(base, origin, token)
  return {
    findings: [reached, ...calling, await variableFinding(base, origin, token), ...told],
    knowsRings: told.some(finding => finding.what.startsWith('environment ')),
  }
}

async function readinessFinding(base: string): Promise<Finding> {
  const what = 'App'
  const path = `${base}/readyz`
  try {
    const answer = await ask(path)
    const missing = missingPayload.safeParse(json(answer.text))
    if (answer.status === 200) return ok(what, `${base} is ready`)
    if (!missing.success) throw new AppFailure(`it answered ${answer.status}`, true)
    const words = missing.data.missing.map(({ name, reason }) => `${name} (${reason})`).join(', ')
    return {
      what,
      verdict: 'problem',
      words: `${base} is not ready: ${words}`,
      fix: 'Look for these in the log of the App.',
    }
  } catch (error) {
    const fix = `See that the App runs, and that this machine reaches it: curl -i ${path}`
    const why = error instanceof AppFailure ? error.message : 'it did not answer'
    return { what, verdict: 'unknown', words: `${base} could not be asked: ${why}`, fix }
  }
}

async function reportFindings(base: string, { owner, name }: Origin, token: string): Promise<readonly Finding[]> {
  const what = 'App'
  try {
    const path = `/v1/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/doctor`
    const { status, text } = await ask(base + path, token)
    const { findings } = reportPayload.parse(readAppAnswer({ status, retryAfter: null, text }))
    return findings.map(({ fix, ...finding }) => (fix === null ? finding : { ...finding, fix }))
  } catch (error) {
    if (error instanceof RingwayError) {
      const fix =
        error.code === 'not_found'
          ? `Install the App on ${owner}/${name}: on its page on GitHub, Install App. ${error.remedy}`
          : error.remedy
      return [{ what, verdict: 'problem', words: error.message, fix }]
    }
    const words = error instanceof AppFailure ? error.message : 'it did not answer as a Ringway App does'
    return [{ what, verdict: 'unknown', words, fix: 'See that App and command line are of the same version.' }]
  }
}

/** What `app-url` of the workflow is filled with. */
async function variableFinding(base: string, origin: Origin, token: string): Promise<Finding> {
  const what = 'variable RINGWAY_URL'
  const fix = `gh variable set RINGWAY_URL --repo ${origin.owner}/${origin.name} --body ${base}`
  try {
    const value = await readVariable(origin, token)
    if (value === undefined) return { what, verdict: 'problem', words: 'is not set: runs do not find the App', fix }
    if (value.replace(/\/+$/, '') === base) return ok(what, `${base}`)
    return { what, verdict: 'problem', words: `leads runs to ${value}, and not to ${base}`, fix }
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    return { what, verdict: 'unknown', words: 'this token may not read the variables of the repository', fix }
  }
}

const variablePayload = z.object({ value: z.string() })
const variablesPayload = z.object({ variables: z.array(z.object({ name: z.string(), value: z.string() })) })

/** The repository's own, else the one that the organisation shares with it. */
async function readVariable(origin: Origin, token: string): Promise<string | undefined> {
  const client = connect(origin, token)
  const own = await client.read('GET /repos/{owner}/{repo}/actions/variables/{name}', { name: 'RINGWAY_URL' })
  if (own !== undefined) return variablePayload.parse(own.data).value
  const shared = await client.read('GET /repos/{owner}/{repo}/actions/organization-variables', { per_page: 30 })
  const { variables } = variablesPayload.parse(shared?.data ?? { variables: [] })
  return variables.find(({ name }) => name === 'RINGWAY_URL')?.value
}

/** Without `app-url` a job acts as if there were no App, and its deployments pass by all that the App decides. */
function callingFinding(root: string, workflow: string): readonly Finding[] {
  const path = join(root, workflow)
  if (!existsSync(path) || /^[^#\n]*\bapp-url:/m.test(readFileSync(path, 'utf8'))) return []
  const words = 'does not name the App: its jobs deploy without it'
  const fix =
    'Add `app-url: "${{ vars.RINGWAY_URL }}"` to each step that uses Ringway, or take the workflow of `ringway init`.'
  return [{ what: workflow, verdict: 'problem', words, fix }]
}

async function ask(url: string, token?: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { accept: 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(patienceMs) })
  return { status: answer.status, text: await answer.text() }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
