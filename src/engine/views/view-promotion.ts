import type { ConfigLayer } from '../../domain/configuration.ts'
import { manifestDifference } from '../../domain/difference/manifest-difference.ts'
import { diffConfiguration } from '../../domain/effective-configuration.ts'
import type { Promotion } from '../../domain/promotion.ts'
import type { PromotionView, ShippedCommits } from '../../domain/promotion-view.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord } from '../../ports/control-store.ts'
import { changesAsText } from '../../text/change-lines.ts'
import { configurationChangeLines } from '../../text/configuration-changes.ts'
import { manifestChangeLines } from '../../text/manifest-changes.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { readOrganisation, rememberPolicy, ringOf } from '../control/read-policy.ts'
import { configurationOf } from '../describe-change.ts'

/** Puts together what people see of a promotion. */
export async function viewPromotion(
  ports: ControlPorts,
  asked: { readonly tenant: number; readonly promotion: string },
): Promise<PromotionView> {
  const stored = await readStored(ports, asked)
  const { promotion, before } = stored
  const { github, ringFile } = await rememberPolicy(ports, promotion.key)
  const { ring } = ringOf(ringFile, promotion.key)
  const organisation = stored.deployment?.organisation ?? (await readOrganisation(ports, github))
  return {
    promotion,
    deployment: stored.deployment,
    active: stored.active,
    approvals: ring.gates.approvals,
    answers: stored.answers,
    shipped: await readShipped(github, promotion, before),
    changes: changeLines(stored, organisation),
    rollback: rollbackOf(stored.active),
  }
}

interface Stored {
  readonly promotion: Promotion
  readonly deployment: RingDeployment | undefined
  readonly active: RingDeployment | undefined
  /** What ran when the promotion was requested. */
  readonly before: ArtifactRecord | undefined
  readonly candidate: ArtifactRecord | undefined
  readonly answers: PromotionView['answers']
}

async function readStored(
  ports: ControlPorts,
  { tenant, promotion: id }: { readonly tenant: number; readonly promotion: string },
): Promise<Stored> {
  return await ports.store.transaction({ tenant }, async tx => {
    const promotion = await tx.promotions.read(id)
    if (promotion === undefined) throw unknown(id)
    const { key, candidate, baseline } = promotion
    const pointer = (await tx.rings.read(key))?.pointer.deployment
    return {
      promotion,
      deployment: promotion.deployment === undefined ? undefined : await tx.deployments.read(promotion.deployment),
      active: pointer === undefined ? undefined : await tx.deployments.read(pointer),
      before: baseline === undefined ? undefined : await tx.artifacts.read(key, baseline),
      candidate: await tx.artifacts.read(key, candidate.digest),
      answers: await tx.answers.list(key, candidate.digest),
    }
  })
}

async function readShipped(
  github: RepositoryOnGithub,
  { candidate }: Promotion,
  before: ArtifactRecord | undefined,
): Promise<ShippedCommits | undefined> {
  if (before === undefined) return undefined
  try {
    const range = await github.pullRequests.between({ earlier: before.commit, later: candidate.commit })
    return (
      range && {
        count: range.count,
        commits: range.commits.map(({ commit, subject, author }) => ({ commit, subject, author: author?.login })),
        pulls: range.pulls.map(({ number, title }) => ({ number, title })),
      }
    )
  } catch (error) {
    if (error instanceof RingwayError) return undefined
    throw error
  }
}

function changeLines({ promotion, before, candidate }: Stored, organisation: ConfigLayer): readonly string[] {
  if (before === undefined || candidate === undefined) return []
  const { ring } = promotion.key
  // Files are not reported by builds; what differs in them shows as components and layers that differ.
  const [was, is] = [before, candidate].map(({ manifest }) => ({ ...manifest, files: [] }))
  if (was === undefined || is === undefined) return []
  const lines = [
    ...manifestChangeLines(manifestDifference(was, is)),
    ...configurationChangeLines(
      diffConfiguration(configurationOf(was, ring, organisation), configurationOf(is, ring, organisation)),
    ),
  ]
  return lines.length === 0 ? [] : changesAsText(lines).split('\n')
}

function rollbackOf(active: RingDeployment | undefined): PromotionView['rollback'] {
  if (active === undefined) return { kind: 'no_target' }
  return { kind: 'unknown', target: artifactName(active), words: 'the gate says what is known of it' }
}

function unknown(id: string): RingwayError {
  return new RingwayError({
    code: 'unknown_promotion',
    message: `There is no promotion ${id}.`,
    remedy: 'Comment `/status` to see those there are.',
  })
}
