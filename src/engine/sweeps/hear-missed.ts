import { readCommand } from '../../domain/command/read-command.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { durationMs, type EpochMs, epochMs } from '../../domain/units.ts'
import type { Comment } from '../../ports/conversation.ts'
import { hearComment } from '../commands/hear-comment.ts'
import type { RepositoryPolicy } from '../control/read-policy.ts'
import type { SweepPorts } from './sweep-ports.ts'

/** As far back as GitHub keeps deliveries. */
const farthest = durationMs(72 * 3_600_000)
/** GitHub's clock is not the store's, and a comment may be listed a little after it was made. */
const overlap = durationMs(10 * 60_000)

/**
 * Hears the commands that were given since the last time and of which no delivery told. Ordinary comments cost nothing but their reading; a
 * command that is older than people wait for one is answered as expired.
 */
export async function hearMissed(ports: SweepPorts, policy: RepositoryPolicy, key: RepositoryKey): Promise<void> {
  const { agenda } = ports
  const name = `comments ${key.tenant}/${key.repository}`
  const now = await agenda.now()
  const since = epochMs(Math.max(((await agenda.read(name)) ?? now) - overlap, now - farthest))
  for await (const comment of policy.github.conversation.since(since)) {
    if (isFresh(comment, since) && isMeant(policy, comment)) await hear(ports, { policy, key, comment })
  }
  await agenda.write(name, now)
}

/** What was made before was heard before; what was edited is no command any more. */
function isFresh({ createdAt, isEdited }: Comment, since: EpochMs): boolean {
  return createdAt >= since && !isEdited
}

function isMeant({ ringFile }: RepositoryPolicy, { body }: Comment): boolean {
  return readCommand(body, ringFile.commands.words).kind !== 'none'
}

async function hear(
  ports: SweepPorts,
  heard: { readonly policy: RepositoryPolicy; readonly key: RepositoryKey; readonly comment: Comment },
): Promise<void> {
  const { policy, key, comment } = heard
  const { id, issue, body, author, app, createdAt } = comment
  if (author === undefined) return
  if (await ports.store.transaction(key, tx => tx.commands.isTaken(`comment ${id}`))) return
  await hearComment(ports, {
    ...key,
    issue,
    isPullRequest: (await policy.github.pullRequests.read(issue)) !== undefined,
    comment: id,
    body,
    author: { id: author.id, login: author.login, kind: author.type === 'User' ? 'user' : 'bot' },
    app,
    createdAt,
  })
}
