import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executeJob } from '../../../src/sandbox/actions/runner/execute-job.ts'
import type {
  JobAnnotation,
  JobAssignment,
  JobResult,
  StepRecord,
} from '../../../src/sandbox/actions/runner/job-assignment.ts'
import { createJobLog } from '../../../src/sandbox/actions/runner/job-log.ts'
import { createMasker } from '../../../src/sandbox/actions/runner/masker.ts'
import { RUNNER_TIMINGS } from '../../../src/sandbox/actions/runner/timings.ts'
import { readWorkflowFile } from '../../../src/sandbox/actions/workflow/workflow-file.ts'
import { machineClock } from '../../../src/sandbox/clock.ts'

export interface JobSetup {
  readonly secrets?: Record<string, string>
  readonly vars?: Record<string, string>
  readonly inputs?: Record<string, string | boolean>
  readonly actions?: Record<string, string>
  readonly idToken?: { url: string; token: string }
  /** Looks at the log as it grows and may cancel the job. */
  readonly watch?: (log: string, control: { cancel: () => void; force: () => void }) => void
}

export interface JobOutcome {
  readonly result: JobResult
  readonly log: string
  readonly annotations: readonly JobAnnotation[]
  readonly summary: string
  readonly steps: readonly StepRecord[]
  /** Log lines without their time, and without the groups that show what runs. */
  readonly lines: readonly string[]
}

/** Runs the only job of a workflow on the runner alone, without a sandbox around it. */
export async function runOneJob(workflow: string, setup: JobSetup = {}): Promise<JobOutcome> {
  const file = await readWorkflowFile('.github/workflows/test.yml', workflow)
  const definition = file.jobs[0]
  if (definition === undefined) throw new Error(`no job: ${file.problems.join('; ')}`)
  const directory = await mkdtemp(join(tmpdir(), 'runner-'))
  const cancelled = new AbortController()
  const forced = new AbortController()
  const masker = createMasker()
  for (const secret of Object.values(setup.secrets ?? {})) masker.add(secret)
  const log = createJobLog(machineClock, masker)
  const annotations: JobAnnotation[] = []
  const steps: StepRecord[] = []
  let summary = ''
  const assignment: JobAssignment = {
    definition,
    contexts: {
      github: {
        repository: 'acme/shop',
        event_name: 'push',
        sha: 'a'.repeat(40),
        ref: 'refs/heads/main',
        server_url: 'http://127.0.0.1:1',
        token: 'job-token',
        run_id: '7',
      },
      inputs: setup.inputs ?? {},
      vars: setup.vars ?? {},
      secrets: setup.secrets ?? {},
      needs: {},
    },
    workflowEnv: file.env,
    event: { hello: 'event' },
    directory,
    actions: setup.actions ?? {},
    idToken: setup.idToken,
    machineVariables: {},
    trackingId: `github_${directory}`,
    runnerName: 'sandbox-1',
    clock: machineClock,
    timings: { ...RUNNER_TIMINGS, interruptMs: 300, terminateMs: 200, streamsMs: 200, minuteMs: 1_000 },
    cancelled: cancelled.signal,
    forced: forced.signal,
  }
  try {
    const result = await executeJob(assignment, {
      steps,
      onLog: text => {
        log.write(text)
        setup.watch?.(log.text(), {
          cancel: () => cancelled.abort(),
          force: () => {
            cancelled.abort()
            forced.abort()
          },
        })
      },
      onAnnotation: annotation => annotations.push({ ...annotation, message: masker.mask(annotation.message) }),
      onSummary: markdown => {
        summary += markdown
      },
      addMask: value => masker.add(value),
      reveals: text => masker.reveals(text),
    })
    return { result, log: log.text(), annotations, summary, steps, lines: outputLines(log.text()) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function outputLines(log: string): readonly string[] {
  const lines = log.split('\n').map(line => line.slice(line.indexOf(' ') + 1))
  let isGroup = false
  return lines.filter(line => {
    if (line.startsWith('##[group]Run ')) isGroup = true
    const isShown = !isGroup
    if (line === '##[endgroup]') isGroup = false
    return isShown && line !== ''
  })
}
