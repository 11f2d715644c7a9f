import type { CheckRun } from '../world/check.ts'
import { fullName, type Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { type Html, html, link } from './html.ts'
import type { Page } from './layout.ts'
import { actAs, peopleOf } from './people.ts'

export function checkPage(world: World, repository: Repository, run: CheckRun): Page {
  const { title, summary, text, annotations } = run.output
  return {
    title: run.name,
    body: html`
<p><a href="/${fullName(repository)}">${fullName(repository)}</a> · ${run.headSha.slice(0, 7)} · ${run.app.slug} ·
<span class="state">${run.conclusion ?? run.status}</span> ${run.detailsUrl !== '' && link(run.detailsUrl, 'details')}</p>
<h2>${title}</h2><pre>${summary}</pre>${text !== null && html`<pre>${text}</pre>`}
${annotations.map(each => html`<p>${each.level}: ${each.path}:${each.startLine} ${each.message}</p>`)}
${buttons(world, repository, run)}`,
  }
}

/** GitHub shows buttons once the check is completed. */
function buttons(world: World, repository: Repository, run: CheckRun): Html | false {
  if (run.status !== 'completed' || run.actions.length === 0) return false
  return html`<form method="post" action="/${fullName(repository)}/runs/${run.id}/actions">
${actAs(peopleOf(world, repository))}
${run.actions.map(({ identifier, label, description }) => html`<button name="identifier" value="${identifier}" title="${description}">${label}</button>`)}
</form>`
}
