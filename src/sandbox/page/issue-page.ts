import type { IssueComment } from '../world/issue.ts'
import { fullName, type Issue } from '../world/repository.ts'
import type { World } from '../world.ts'
import { type Html, html } from './html.ts'
import type { Page } from './layout.ts'
import { actAs, peopleOf } from './people.ts'

export function issuePage(world: World, issue: Issue): Page {
  const { repository, pull } = issue
  const name = fullName(repository)
  return {
    title: `#${issue.number} ${issue.title}`,
    body: html`
<p><a href="/${name}">${name}</a> · <span class="state">${pull?.mergedAt == null ? issue.state : 'merged'}</span>
${pull !== null && html` · ${pull.headRef} (${pull.headSha.slice(0, 7)}) into ${pull.baseRef}`}
· <a href="">Read again</a></p>
<h3>${issue.user.login}</h3><pre>${issue.body}</pre>
${issue.comments.map(presentComment)}
<h3>Comment</h3>
<form class="wide" method="post" action="/${name}/issues/${issue.number}/comments">
<textarea name="body" required aria-label="Comment"></textarea>
${actAs(peopleOf(world, repository))} <button>Comment</button>
</form>`,
  }
}

function presentComment(comment: IssueComment): Html {
  const reactions = comment.reactions.map(({ content, user }) => `${content} by ${user.login}`)
  return html`<h3>${comment.user.login} <small>${comment.updatedAt}</small></h3><pre>${comment.body}</pre>
<p>${reactions.join(', ')}</p>`
}
