import type { JobAnnotation, JobObserver } from '../runner/job-assignment.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import type { Job } from './workflow-run.ts'

/** Takes down what a running job says, with every secret hidden. */
export function jobObserver(runtime: ActionsRuntime, job: Job): JobObserver {
  return {
    steps: job.steps,
    onLog(text) {
      job.log.write(text)
      runtime.store.changed()
    },
    onAnnotation: annotation => annotate(job, annotation),
    onSummary(markdown) {
      job.summary += job.masker.mask(markdown)
    },
    addMask: value => job.masker.add(value),
    reveals: text => job.masker.reveals(text),
  }
}

/** Adds an annotation to a job and its check run. */
function annotate(job: Job, annotation: JobAnnotation): void {
  const title = annotation.title === null ? null : job.masker.mask(annotation.title)
  job.annotations.push({ ...annotation, title, message: job.masker.mask(annotation.message) })
}

/** An error of Actions itself about a job: why it was cancelled or could not start. */
export function annotateError(job: Job, message: string): void {
  job.log.write(`##[error]${message}`)
  const at = { path: '.github', startLine: 1, endLine: 1, startColumn: null, endColumn: null }
  annotate(job, { level: 'failure', message, title: null, ...at })
}
