import type { ConversationView, RingLine } from '../../domain/promotion-view.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import type { RingFile } from '../../domain/solution.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction, ConversationRecord } from '../../ports/control-store.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { rememberPolicy } from '../control/read-policy.ts'

/** A pull request or an issue. */
export interface ConversationKey extends RepositoryKey {
  readonly issue: number
}

/** Puts together what the sticky comment of a pull request or an issue shows. */
export async function viewConversation(
  ports: ControlPorts,
  key: ConversationKey,
): Promise<{ readonly view: ConversationView; readonly record: ConversationRecord | undefined }> {
  const { github, ringFile } = await rememberPolicy(ports, key)
  const known = await ports.store.transaction(key, tx => tx.conversations.read(key.repository, key.issue))
  // Only a pull request has a head; of an issue GitHub need not be asked.
  const commit = known?.head === undefined ? undefined : await commitOf(github, key.issue)
  return await ports.store.transaction(key, async tx => {
    const record = await tx.conversations.read(key.repository, key.issue)
    return {
      record,
      view: {
        rings: await ringLines(tx, key, ringFile),
        candidates: commit === undefined ? [] : await candidates(tx, key, { ringFile, commit }),
        answer: record?.answer,
      },
    }
  })
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
      const pointer = (await tx.rings.read(ringKey))?.pointer.deployment
      const [promotion] = await tx.promotions.find({ ...ringKey, limit: 1 })
      const lock = locks.find(
        ({ ring: locked }) => locked === undefined || (locked.solution === solution.name && locked.ring === ring.name),
      )
      lines.push({
        solution: solution.name,
        ring: ring.name,
        active: pointer === undefined ? undefined : await tx.deployments.read(pointer),
        promotion,
        lockedBy: lock?.by.login,
      })
    }
  }
  return lines
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
