import { waitingJobs } from '../actions/environments/review.ts'
import { currentAttempt, type Job, type WorkflowRun } from '../actions/runs/workflow-run.ts'
import { fullName } from '../world/repository.ts'
import type { World } from '../world.ts'
import { type Html, html } from './html.ts'
import type { Page } from './layout.ts'
import { actAs, peopleOf } from './people.ts'

const REFRESH = 3

export function runPage(world: World, run: WorkflowRun): Page {
  const { status, conclusion, jobs, problems, notices } = currentAttempt(run)
  const reviews = reviewForms(world, run)
  return {
    title: run.displayTitle || run.file.name,
    // A form is not taken from under the hands of whoever fills it in.
    ...(status === 'completed' || reviews.length > 0 ? {} : { refresh: REFRESH }),
    body: html`
<p><a href="/${fullName(run.repository)}">${fullName(run.repository)}</a> · ${run.trigger.event} by
${run.trigger.actor.login} · attempt ${run.attempts.length} · <span class="state">${conclusion ?? status}</span></p>
${[...problems, ...notices].map(words => html`<p>${words}</p>`)}
${reviews}
${jobs.map(presentJob)}`,
  }
}

function reviewForms(world: World, run: WorkflowRun): Html[] {
  const waiting = waitingJobs(run).filter(({ gate }) => gate.isReviewPending)
  const environments = new Map(waiting.map(({ gate }) => [gate.environment.id, gate.environment]))
  const people = peopleOf(world, run.repository)
  return [...environments.values()].map(
    ({ id, name, reviewers }) => html`<div class="waiting">
<p><strong>${name}</strong> waits for a review by
${reviewers.map(each => (each.type === 'User' ? each.reviewer.login : each.reviewer.slug)).join(', ')}.</p>
<form method="post" action="/${fullName(run.repository)}/actions/runs/${run.id}/review">
<input type="hidden" name="environment" value="${id}">
<input name="comment" placeholder="Comment" aria-label="Comment">
${actAs(people)}
<button name="state" value="approved">Approve</button><button name="state" value="rejected">Reject</button>
</form></div>`,
  )
}

function presentJob(job: Job): Html {
  return html`<h2>${job.name} <span class="state">${job.conclusion ?? job.status}</span></h2>
${job.annotations.map(({ level, message, path }) => html`<p>${level}: ${message} ${path}</p>`)}
${job.summary !== '' && html`<details open><summary>Summary</summary><pre>${job.summary}</pre></details>`}
<details open><summary>Log</summary><pre>${job.log.text()}</pre></details>`
}
