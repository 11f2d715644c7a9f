import { ringNameInCommands } from '../../domain/command/ring-name.ts'
import type { ConfigLayer } from '../../domain/configuration.ts'
import { rollbackTarget } from '../../domain/deployment-history.ts'
import { manifestDifference } from '../../domain/difference/manifest-difference.ts'
import { diffConfiguration } from '../../domain/effective-configuration.ts'
import { grantName } from '../../domain/policy/grant.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { RingGrants } from '../../domain/policy/ring-policy.ts'
import type { Promotion } from '../../domain/promotion.ts'
import type { PromotionView, ShippedCommits } from '../../domain/promotion-view.ts'
import type { Ring } from '../../domain/ring.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, RingReadiness } from '../../ports/control-store.ts'
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
  const { solution, ring } = ringOf(ringFile, promotion.key)
  const runId = stored.deployment?.runId ?? promotion.run
  const organisation = stored.deployment?.organisation ?? (await readOrganisation(ports, github))
  return {
    verbs: ringFile.commands.words,
    promotion,
    ringName: ringNameInCommands(ringFile, promotion.key),
    deployment: stored.deployment,
    active: stored.active,
    before: stored.replaced,
    approvals: ring.gates.approvals,
    approvers: approversOf(ring, ringGrants(solution, ring, ringFile.allowedBots)),
    successor: await successorOf(github, promotion, stored.successor),
    runUrl: runId === undefined ? undefined : github.runUrl(runId),
    answers: stored.answers,
    shipped: await readShipped(github, promotion, before),
    changes: changeLines(stored, organisation),
    rollback: rollbackOf(stored),
  }
}

interface Stored {
  readonly promotion: Promotion
  readonly deployment: RingDeployment | undefined
  readonly active: RingDeployment | undefined
  readonly successor: Promotion | undefined
  /** What the ring pointed to when its deployment was decided, or points to as long as there is none. */
  readonly replaced: RingDeployment | undefined
  /** What a rollback would bring back: from the candidate once it is active, else from what runs now. */
  readonly target: RingDeployment | undefined
  readonly readiness: RingReadiness | undefined
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
    const deployment = await tx.deployments.read(promotion.deployment)
    const active = await tx.deployments.read((await tx.rings.read(key))?.pointer.deployment)
    const replaced = deployment === undefined ? active : await tx.deployments.read(deployment.replaces)
    const isActive = active !== undefined && active.id === deployment?.id
    const last = isActive ? rollbackTarget(await tx.deployments.history(key), active) : active
    return {
      promotion,
      deployment,
      active,
      replaced,
      target: await tx.deployments.read(last?.id),
      readiness: await tx.readiness.read(key),
      successor: promotion.supersededBy === undefined ? undefined : await tx.promotions.read(promotion.supersededBy),
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

function rollbackOf({ promotion, target, readiness }: Stored): PromotionView['rollback'] {
  if (target === undefined) return { kind: 'no_target' }
  // What was looked at is what the ring would go back to now; before a candidate is active, that is another version.
  if (readiness?.target === target.id) return readiness.readiness
  const gate = promotion.verdicts.find(({ gate }) => gate === 'rollback_ready')
  return { kind: 'unknown', target: artifactName(target), words: gate?.words ?? 'it has not been looked at yet' }
}

/** The people whom the rule names, else everybody who may approve. */
function approversOf({ gates }: Ring, { who }: RingGrants): readonly string[] {
  const named = gates.approvals?.from ?? []
  if (named.length > 0) return named.map(name => (name.startsWith('team:') ? name : `@${name}`))
  return who.approve.map(grant => (grant.kind === 'role' ? `everybody with the role ${grant.role}` : grantName(grant)))
}

async function successorOf(
  github: RepositoryOnGithub,
  { candidate }: Promotion,
  successor: Promotion | undefined,
): Promise<PromotionView['successor']> {
  if (successor === undefined) return undefined
  try {
    const range = { earlier: candidate.commit, later: successor.candidate.commit }
    const found = await github.pullRequests.between(range)
    return { promotion: successor, contains: found && (found.relation === 'ahead' || found.relation === 'identical') }
  } catch (error) {
    if (error instanceof RingwayError) return { promotion: successor, contains: undefined }
    throw error
  }
}

function unknown(id: string): RingwayError {
  return new RingwayError({
    code: 'unknown_promotion',
    message: `There is no promotion ${id}.`,
    remedy: 'Comment `/status` to see those there are.',
  })
}
