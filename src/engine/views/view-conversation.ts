import { ringNameInCommands } from '../../domain/command/ring-name.ts'
import { defaultVerbs } from '../../domain/command/verbs.ts'
import { rollbackFault } from '../../domain/gates/rollback-ready-gate.ts'
import type { ConversationView, RingLine } from '../../domain/promotion-view.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RingFile } from '../../domain/solution.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction, ConversationRecord } from '../../ports/control-store.ts'
import { promotionMessage } from '../../text/promotion-message.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { issueOf } from '../control/issue-of.ts'
import { rememberPolicy, ringOf } from '../control/read-policy.ts'

/** A pull request or an issue. */
export interface ConversationKey extends RepositoryKey {
  readonly issue: number
}

/** Puts together what the sticky comment of a pull request or an issue shows. */
export async function viewConversation(
  ports: ControlPorts,
  key: ConversationKey,
): Promise<{ readonly view: ConversationView; readonly record: ConversationRecord | undefined }> {
  const policy = await rememberPolicy(ports, key).catch(unlessInvalid)
  if (policy === undefined) return await viewAnswer(ports, key)
  const { github, ringFile } = policy
  const known = await ports.store.transaction(key, tx => tx.conversations.read(key.repository, key.issue))
  // Only a pull request has a head; of an issue GitHub need not be asked.
  const commit = known?.head === undefined ? undefined : await commitOf(github, key.issue)
  return await ports.store.transaction(key, async tx => {
    const record = await tx.conversations.read(key.repository, key.issue)
    const rings = await ringLines(tx, key, ringFile)
    return {
      record,
      view: {
        verbs: ringFile.commands.words,
        rings,
        messages: await messagesOf(tx, rings, { issue: key.issue, ringFile, runUrl: github.runUrl }),
        candidates: commit === undefined ? [] : await candidates(tx, key, { ringFile, commit }),
        answer: record?.answer,
      },
    }
  })
}

/** Where the ring file cannot be read, what was answered is all that there is to show. */
async function viewAnswer(ports: ControlPorts, key: ConversationKey): ReturnType<typeof viewConversation> {
  const record = await ports.store.transaction(key, tx => tx.conversations.read(key.repository, key.issue))
  return { record, view: { verbs: defaultVerbs, rings: [], messages: [], candidates: [], answer: record?.answer } }
}

function unlessInvalid(error: unknown): undefined {
  if (error instanceof RingwayError && error.code === 'ring_file_invalid') return undefined
  throw error
}

/** The commit that a command binds to here: a merged pull request's merge, an open one's head; an issue has none. */
async function commitOf(github: RepositoryOnGithub, issue: number): Promise<ArtifactRecord['commit'] | undefined> {
  const pull = await github.pullRequests.read(issue)
  if (pull === undefined) return undefined
  return pull.isMerged ? pull.mergeCommit : pull.head.commit
}

async function ringLines(tx: ControlTransaction, key: RepositoryKey, ringFile: RingFile): Promise<readonly RingLine[]> {
  const locks = await tx.rings.locks(key.repository)
  const lines: RingLine[] = []
  for (const solution of ringFile.solutions) {
    for (const ring of ringsInOrder(solution)) {
      const ringKey: RingKey = {
        tenant: key.tenant,
        repository: key.repository,
        solution: solution.name,
        ring: ring.name,
      }
      const record = await tx.rings.read(ringKey)
      const [promotion] = await tx.promotions.find({ ...ringKey, limit: 1 })
      lines.push({
        solution: solution.name,
        ring: ring.name,
        name: ringNameInCommands(ringFile, ringKey),
        active: await tx.deployments.read(record?.pointer.deployment),
        promotion,
        deployment: await tx.deployments.read(promotion?.deployment),
        lock: locks.find(
          ({ ring: locked }) =>
            locked === undefined || (locked.solution === solution.name && locked.ring === ring.name),
        ),
        lifecycle: record?.lifecycle ?? 'active',
        rollbackFault: await faultOf(tx, ringKey),
      })
    }
  }
  return lines
}

async function faultOf(tx: ControlTransaction, key: RingKey): Promise<string | undefined> {
  const known = await tx.readiness.read(key)
  return known && rollbackFault(known.readiness)
}

/** What the ring file says in its own words of the promotions that belong here. */
async function messagesOf(
  tx: ControlTransaction,
  rings: readonly RingLine[],
  place: { readonly issue: number; readonly ringFile: RingFile; readonly runUrl: (run: number) => string },
): Promise<readonly string[]> {
  const { issue, ringFile, runUrl } = place
  const messages: string[] = []
  for (const { promotion, deployment, active } of rings) {
    if (promotion === undefined || issueOf(promotion) !== issue) continue
    const run = deployment?.runId ?? promotion.run
    const message = promotionMessage(ringFile.messages, {
      promotion,
      deployment,
      before: deployment === undefined ? active : await tx.deployments.read(deployment.replaces),
      environment: ringOf(ringFile, promotion.key).ring.environment,
      runUrl: run === undefined ? undefined : runUrl(run),
    })
    if (message !== undefined) messages.push(message)
  }
  return messages
}

async function candidates(
  tx: ControlTransaction,
  key: RepositoryKey,
  { ringFile, commit }: { ringFile: RingFile; commit: ArtifactRecord['commit'] },
): Promise<ConversationView['candidates']> {
  const found = await Promise.all(
    ringFile.solutions.map(({ name }) => tx.artifacts.ofCommit({ ...key, solution: name }, commit)),
  )
  return found.flatMap(one =>
    one === undefined ? [] : [{ solution: one.solution, name: artifactName(one), digest: one.digest }],
  )
}
