import { buttonsFor } from '../../domain/command/button.ts'
import type { Display, Effect } from '../../domain/effect.ts'
import { describeStatus, githubStatusFor } from '../../domain/status-description.ts'
import { artifactName } from '../../domain/version.ts'
import { promotionCheckRun } from '../../text/promotion-check-run.ts'
import { stickyComment } from '../../text/sticky-comment.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { viewConversation } from '../views/view-conversation.ts'
import { viewPromotion } from '../views/view-promotion.ts'
import type { Receipt } from './take-receipt.ts'

type DisplayEffect = Extract<Effect, { type: 'display' }>

/** Brings something that GitHub shows up to date, as things stand now. @returns the id of what shows it */
export async function performDisplay(ports: ControlPorts, { display, repository }: DisplayEffect): Promise<Receipt> {
  switch (display.kind) {
    case 'promotion':
      return await showPromotion(ports, repository.tenant, display.promotion)
    case 'commit_status':
      return await showCommitStatus(ports, repository.tenant, display)
    case 'conversation':
      return await showConversation(ports, repository, display.issue)
  }
}

async function showPromotion(ports: ControlPorts, tenant: number, id: string): Promise<Receipt> {
  const view = await viewPromotion(ports, { tenant, promotion: id })
  const { key, candidate } = view.promotion
  const github = await ports.github(key)
  const { name, state, title, summary, text } = promotionCheckRun(view)
  const checkRun = await github.board.show({
    commit: candidate.commit,
    name,
    externalId: id,
    state,
    title,
    summary,
    text,
    url: ports.pageOf(id),
    buttons: buttonsFor(view),
  })
  return { checkRun }
}

const commitStates = { queued: 'pending', pending: 'pending', in_progress: 'pending' } as const

async function showCommitStatus(
  ports: ControlPorts,
  tenant: number,
  display: Extract<Display, { kind: 'commit_status' }>,
): Promise<Receipt> {
  const deployment = await ports.store.transaction({ tenant }, tx => tx.deployments.read(display.deployment))
  if (deployment === undefined) return {}
  const { key, state, reason, words, commit } = deployment
  const shown = githubStatusFor(state, 'failed')
  const github = await ports.github(key)
  await github.statuses.post({
    commit,
    context: `ringway/${key.solution}/${key.ring}`,
    // What was displaced had done its work: a commit is not worse for it.
    state:
      shown === 'inactive'
        ? 'success'
        : shown in commitStates
          ? 'pending'
          : shown === 'success'
            ? 'success'
            : 'failure',
    description: describeStatus({ state, artifact: artifactName(deployment), reason, words }),
    url: deployment.url ?? ports.pageOf(deployment.promotion),
  })
  return {}
}

async function showConversation(
  ports: ControlPorts,
  repository: DisplayEffect['repository'],
  issue: number,
): Promise<Receipt> {
  const { view, record } = await viewConversation(ports, { ...repository, issue })
  const github = await ports.github(repository)
  const comment = await github.conversation.show({
    issue,
    key: 'promotions',
    body: stickyComment(view),
    ...(record?.comment === undefined ? {} : { known: record.comment }),
  })
  await ports.store.transaction(repository, async tx => {
    const current = await tx.conversations.lock(repository.repository, issue)
    const shown = Object.fromEntries(view.candidates.map(({ solution, digest }) => [solution, digest]))
    await tx.conversations.save({ ...current, comment, shown })
  })
  return { comment }
}
