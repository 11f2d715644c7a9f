import { ringSubject } from '../../domain/audit/audit-subject.ts'
import { checkBinding } from '../../domain/command/binding.ts'
import type { PromoteCommand } from '../../domain/command/command.ts'
import { namedArtifactName } from '../../domain/command/named-artifact.ts'
import { type Place, type ResolvedArtifact, resolveArtifact } from '../../domain/command/resolve-artifact.ts'
import { type ResolvedRing, resolveRing } from '../../domain/command/resolve-ring.ts'
import { evaluateGates } from '../../domain/gates/evaluate-gates.ts'
import { policyDigestInput } from '../../domain/gates/policy-digest-input.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { type CommitSha, type EpochMs, sha256Digest } from '../../domain/units.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction } from '../../ports/control-store.ts'
import { gateTable } from '../../text/gate-table.ts'
import { adoptArtifact } from '../control/adopt-artifact.ts'
import { knownArtifact, unknownArtifact } from '../control/find-artifact.ts'
import { gateFacts } from '../promotions/gate-facts.ts'
import { type OutsideFacts, readOutside } from '../promotions/read-outside.ts'
import { draftPromotion, requestPromotion } from '../promotions/request-promotion.ts'
import {
  type Answer,
  type CommandContext,
  expectAllowed,
  keyOf,
  lockRing,
  type ReadyCommand,
  unlessRefused,
} from './command-context.ts'

/** `/promote`: asks for a version in a ring, or says what its gates would say. */
export async function promoteCommand(context: CommandContext, command: PromoteCommand): Promise<ReadyCommand> {
  const resolved = unlessRefused(resolveRing(context.policy.ringFile, command.ring))
  expectAllowed(context, { command }, resolved)
  const { meant, from, artifact } = await readCandidate(context, command, resolved)
  if (from === undefined) await expectReachable(context, artifact)
  await bind(context, { resolved, artifact, meant })
  return command.dryRun
    ? await rehearse(context, { command, resolved, artifact, from })
    : tx => request(context, tx, { command, resolved, artifact, from })
}

interface Wanted {
  readonly command: PromoteCommand
  readonly resolved: ResolvedRing
  readonly artifact: ArtifactRecord
  /** The repository that built it, when that is another one. */
  readonly from: string | undefined
}

async function readCandidate(
  context: CommandContext,
  command: PromoteCommand,
  resolved: ResolvedRing,
): Promise<Pick<Wanted, 'artifact' | 'from'> & { readonly meant: ResolvedArtifact }> {
  const { tenant, repository, ports } = context
  const key = { tenant, repository, solution: resolved.solution.name }
  const { meant, name, own } = await ports.store.transaction(context, async tx => {
    const meant = unlessRefused(resolveArtifact(command.artifact, await placeOf(context, tx, key), resolved.ring))
    const name = namedArtifactName(meant.artifact)
    return { meant, name, own: await knownArtifact(tx, key, name) }
  })
  if (own !== undefined) return { meant, artifact: own, from: undefined }
  const { artifact } = meant
  const adopted =
    artifact.kind === 'digest' ? await adoptArtifact(context, { key, digest: artifact.digest }) : undefined
  if (adopted !== undefined) return { meant, ...adopted }
  throw await ports.store.transaction(context, tx => unknownArtifact(tx, key, name))
}

async function placeOf(
  { pull, issue, head }: CommandContext,
  tx: ControlTransaction,
  key: Parameters<ControlTransaction['artifacts']['ofCommit']>[0],
): Promise<Place> {
  if (pull === undefined) return { kind: issue === undefined ? 'elsewhere' : 'issue' }
  const fromFork = pull.head.isFork
  const built = async (commit: CommitSha | undefined): Promise<ArtifactRecord | undefined> =>
    commit === undefined ? undefined : await tx.artifacts.ofCommit(key, commit)
  if (pull.isMerged) return { kind: 'merged_pull_request', version: (await built(pull.mergeCommit))?.version }
  if (pull.state === 'closed') return { kind: 'closed_pull_request', fromFork }
  return { kind: 'open_pull_request', fromFork, draft: (await built(head ?? pull.head.commit))?.digest }
}

/** A version's commit must be in the default branch: any commit of any fork can be asked for under the repository's name. */
async function expectReachable({ policy }: CommandContext, artifact: ArtifactRecord): Promise<void> {
  if (artifact.version === undefined || (await policy.github.reach.isReachable(artifact.commit))) return
  throw new RingwayError({
    code: 'not_reachable',
    message: `The commit of ${artifactName(artifact)} is not in the default branch.`,
    remedy: 'Promote a version that was built from the default branch.',
  })
}

/** What the person saw is what is promoted; anything that changed since then refuses the command. */
async function bind(
  context: CommandContext,
  { resolved, artifact, meant }: { resolved: ResolvedRing; artifact: ArtifactRecord; meant: ResolvedArtifact },
): Promise<void> {
  const { issue, pull, head } = context
  const record =
    issue === undefined
      ? undefined
      : await context.ports.store.transaction(context, tx => tx.conversations.read(context.repository, issue))
  const shown = record?.shown[resolved.solution.name]
  if (meant.from === 'head' && shown === undefined) throw nothingShown(artifact)
  if (meant.from === 'head') expectSeen(context, record?.shownAt)
  const policyDigest = sha256Digest(`sha256:${context.ports.sha256(policyDigestInput(resolved.ring))}`)
  unlessRefused(
    checkBinding(
      {
        commentId: context.id,
        actorId: context.person.id,
        solution: resolved.solution.name,
        ring: resolved.ring.name,
        digest: artifact.digest,
        from: meant.from,
        shown,
        headSha: meant.from === 'head' ? (head ?? pull?.head.commit) : undefined,
        baseSha: pull?.base.commit,
        policyDigest,
        configDigest: undefined,
      },
      {
        headSha: meant.from === 'head' ? pull?.head.commit : undefined,
        policyDigest,
        configDigest: undefined,
        fromFork: pull?.head.isFork === true && meant.from === 'head',
        isReachable: true,
        isCommentMissing: false,
        permission: { allowed: true },
      },
    ),
  )
}

/**
 * A command may be read long after it was given, and by then another build is shown. GitHub tells seconds: of one that was given in the second in
 * which that was first shown nobody knows what its writer saw.
 */
function expectSeen({ givenAt }: CommandContext, shownAt: EpochMs | undefined): void {
  if (givenAt === undefined || shownAt === undefined || Math.floor(shownAt / 1_000) < Math.floor(givenAt / 1_000))
    return
  throw new RingwayError({
    code: 'binding_stale',
    message: 'Another build is shown here than when the command was given; nothing was done.',
    remedy: 'Look at what is shown now, and give the command again.',
  })
}

function nothingShown(artifact: ArtifactRecord): RingwayError {
  return new RingwayError({
    code: 'binding_stale',
    message: `Nothing was shown here yet, so it is not known which build was meant. It would be ${artifactName(artifact)}.`,
    remedy: 'Look at what is shown now, and give the command again.',
  })
}

async function request(context: CommandContext, tx: ControlTransaction, wanted: Wanted): Promise<Answer> {
  const { command, resolved, artifact, from } = wanted
  const ring = await lockRing(tx, context, resolved)
  // From now on this repository knows it, with everything that is decided about it here.
  if (from !== undefined) await tx.artifacts.put(artifact)
  const promotion = await requestPromotion(tx, wishOf(context, wanted, ring))
  await tx.audit.append({
    actor: context.person,
    cause: context.cause,
    action: promotion.override === undefined ? 'promotion.requested' : 'promotion.requested_with_override',
    subject: ringSubject(keyOf(context, resolved)),
    before: promotion.baseline ?? null,
    after: { promotion: promotion.id, digest: artifact.digest, from: from ?? null, reason: command.reason ?? null },
  })
  const how = promotion.state === 'requested' ? 'its gates are being asked' : `it is ${promotion.state}`
  return {
    promotion: promotion.id,
    words: `${artifactName(artifact)}${origin(from)} is to enter ${resolved.ring.name}; ${how}.`,
  }
}

function origin(from: string | undefined): string {
  return from === undefined ? '' : ` of ${from}`
}

function wishOf(
  { ports, person, source, pull }: CommandContext,
  { command, resolved, artifact }: Wanted,
  ring: Parameters<typeof requestPromotion>[1]['ring'],
): Parameters<typeof requestPromotion>[1] {
  return {
    id: ports.newId(),
    ring,
    policy: resolved.ring,
    artifact,
    by: person,
    source,
    reason: command.reason,
    parameters: command.parameters,
    hotfix: command.hotfix,
    override: command.skipOrder ? { by: person, reason: command.reason ?? '' } : undefined,
    pullRequest: pull?.number,
  }
}

/** Decides and says, and changes nothing. */
async function rehearse(context: CommandContext, wanted: Wanted): Promise<ReadyCommand> {
  const { resolved, artifact, from } = wanted
  const key = keyOf(context, resolved)
  const { promotion, baseline } = await context.ports.store.transaction(context, async tx => {
    const ring = await lockRing(tx, context, resolved)
    const active = await tx.deployments.read(ring.pointer.deployment)
    return {
      promotion: draftPromotion(wishOf(context, wanted, ring), { now: tx.now, baseline: active?.digest }),
      baseline: active,
    }
  })
  const outside: OutsideFacts = await readOutside(context.ports, context.policy, {
    promotion,
    baseline,
    needsNames: true,
  })
  return async tx => {
    const ring = await tx.rings.lock(key, resolved.ring.environment)
    const { decision, verdicts } = evaluateGates(
      await gateFacts(context.ports, tx, { ring, promotion, outside, artifact }),
    )
    const would = { pass: 'would enter', wait: 'would wait for', refuse: 'would be refused by' }[decision]
    return {
      words: `${artifactName(artifact)}${origin(from)} ${would} ${resolved.ring.name}. Nothing was changed.`,
      details: gateTable(verdicts),
      verdicts,
    }
  }
}
