import { info, setOutput, summary } from '@actions/core'
import type { RunResult } from '../src/domain/result.ts'
import { jobSummary } from '../src/text/job-summary.ts'
import { resultLines } from '../src/text/result-lines.ts'
import type { Outputs } from './outputs.ts'

/** Says how a run ended: outputs for programs, a summary and log lines for people. */
export async function publishResult(result: RunResult, store: string | undefined): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(result, store))) setOutput(name, value)
  for (const line of resultLines(result)) info(line)
  // Absent on machines that keep no summaries, such as old self-hosted servers.
  if (process.env['GITHUB_STEP_SUMMARY'] !== undefined) await summary.addRaw(jobSummary(result), true).write()
}

function outputsOf(result: RunResult, store: string | undefined): Outputs {
  const only = result.solutions?.length === 1 ? result.solutions[0] : undefined
  const digest = result.digest ?? only?.digest ?? ''
  return {
    decision: result.decision,
    'reason-code': result.reason_code,
    result: JSON.stringify(result),
    version: result.version ?? only?.version ?? '',
    digest,
    artifact: digest === '' || store === undefined ? '' : `${store}@${digest}`,
    'deployment-id': result.deployment_id === undefined ? '' : String(result.deployment_id),
    state: result.state ?? '',
    'previous-version': result.previous_version ?? '',
    url: result.url ?? '',
    changed: result.changed === undefined ? '' : String(result.changed),
  }
}
