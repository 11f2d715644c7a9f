import { canonicalJson } from '../../domain/canonical-json.ts'
import { buttonsFor } from '../../domain/command/button.ts'
import type { Display, Effect } from '../../domain/effect.ts'
import { describeStatus, githubStatusFor } from '../../domain/status-description.ts'
import { artifactName } from '../../domain/version.ts'
import type { ShownCheckRun } from '../../ports/check-run-board.ts'
import { promotionCheckRun } from '../../text/promotion-check-run.ts'
import { stickyComment } from '../../text/sticky-comment.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { viewConversation } from '../views/view-conversation.ts'
import { viewPromotion } from '../views/view-promotion.ts'
import type { Receipt } from './take-receipt.ts'

type DisplayEffect = Extract<Effect, { type: 'display' }>

/** Something to show. `repeated`: an earlier attempt may have shown it, so nothing is known of what stands there. */
export interface DisplayToDo {
  readonly effect: DisplayEffect
  readonly repeated: boolean
}

/** Brings something that GitHub shows up to date, as things stand now. @returns the id of what shows it */
export async function performDisplay(ports: ControlPorts, { effect, repeated }: DisplayToDo): Promise<Receipt> {
  const { display, repository, key } = effect
  const { tenant } = repository
  switch (display.kind) {
    case 'promotion': {
      const known = repeated ? undefined : await shownBefore(ports, { tenant, key })
      return await showPromotion(ports, { tenant, id: display.promotion, known })
    }
    case 'commit_status':
      return await showCommitStatus(ports, { tenant, display, repeated })
    case 'conversation':
      return await showConversation(ports, repository, display.issue)
  }
}

async function showPromotion(
  ports: ControlPorts,
  { tenant, id, known }: { tenant: number; id: string; known: ShownCheckRun['known'] },
): Promise<Receipt> {
  const view = await viewPromotion(ports, { tenant, promotion: id })
  const { key, candidate } = view.promotion
  const { github } = await ports.remembered(key)
  const { name, state, title, summary, text } = promotionCheckRun(view)
  const checkRun = await github.board.show({
    commit: candidate.commit,
    name,
    externalId: id,
    state,
    title,
    summary,
    text,
    url: view.runUrl,
    buttons: buttonsFor(view),
    known,
  })
  return { checkRun, state }
}

/** The check run that an earlier display gave. */
async function shownBefore(
  { store }: ControlPorts,
  { tenant, key }: { readonly tenant: number; readonly key: string },
): Promise<ShownCheckRun['known']> {
  const receipt = await store.transaction({ tenant }, tx => tx.effects.receipt(key))
  if (receipt === undefined) return 'none'
  const { checkRun: id, state } = receipt
  return typeof id === 'number' ? { id, isCompleted: state !== 'queued' && state !== 'in_progress' } : undefined
}

const commitStates = { queued: 'pending', pending: 'pending', in_progress: 'pending' } as const

async function showCommitStatus(
  ports: ControlPorts,
  {
    tenant,
    display,
    repeated,
  }: { tenant: number; display: Extract<Display, { kind: 'commit_status' }>; repeated: boolean },
): Promise<Receipt> {
  const deployment = await ports.store.transaction({ tenant }, tx => tx.deployments.read(display.deployment))
  if (deployment === undefined) return {}
  const { key, state, reason, words, commit, runId } = deployment
  const shown = githubStatusFor(state, 'failed')
  const { github } = await ports.remembered(key)
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
    url: deployment.url ?? (runId === undefined ? undefined : github.runUrl(runId)),
    repeated,
  })
  return {}
}

async function showConversation(
  ports: ControlPorts,
  repository: DisplayEffect['repository'],
  issue: number,
): Promise<Receipt> {
  const { view, record } = await viewConversation(ports, { ...repository, issue })
  const { github } = await ports.remembered(repository)
  const comment = await github.conversation.show({
    issue,
    key: 'promotions',
    body: stickyComment(view),
    ...(record?.comment === undefined ? {} : { known: record.comment }),
  })
  await ports.store.transaction(repository, async tx => {
    const current = await tx.conversations.lock(repository.repository, issue)
    const shown = Object.fromEntries(view.candidates.map(({ solution, digest }) => [solution, digest]))
    const isSame = canonicalJson(shown) === canonicalJson(current.shown)
    const shownAt = isSame ? current.shownAt : tx.now
    await tx.conversations.save({ ...current, comment, shown, shownAt })
  })
  return { comment }
}
