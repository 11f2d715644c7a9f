import { activeDeployment } from '../../domain/deployment-history.ts'
import type { ApprovalBinding } from '../../domain/gates/approvals-gate.ts'
import type { ConfigurationFacts } from '../../domain/gates/configuration-gate.ts'
import { configurationNeeds } from '../../domain/gates/configuration-needs.ts'
import type { GateFacts } from '../../domain/gates/evaluate-gates.ts'
import type { PromotionOrigin } from '../../domain/gates/hold-gate.ts'
import { policyDigestInput } from '../../domain/gates/policy-digest-input.ts'
import type { RollbackReadiness } from '../../domain/gates/rollback-ready-gate.ts'
import type { SubAgentFact } from '../../domain/gates/sub-agents-gate.ts'
import { manifestReferenceName } from '../../domain/manifest.ts'
import type { Promotion } from '../../domain/promotion.ts'
import { earlierRings } from '../../domain/ring-order.ts'
import { artifactName, parseVersionName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { configurationOf } from '../describe-change.ts'
import type { OutsideFacts } from './read-outside.ts'

/** A promotion whose gates are asked, with what was read of the outside. */
export interface GateQuestion {
  /** Locked by this transaction. */
  readonly ring: RingRecord
  readonly promotion: Promotion
  readonly outside: OutsideFacts
  /** The candidate, where the store need not know it yet. */
  readonly artifact?: ArtifactRecord | undefined
}

/** Puts together everything that the gates look at: what GitHub said a moment ago, and what the store says now. */
export async function gateFacts(
  ports: Pick<ControlPorts, 'sha256'>,
  tx: ControlTransaction,
  question: GateQuestion,
): Promise<GateFacts> {
  const { ring, promotion, outside } = question
  const { solution, ring: policy } = outside.place
  const { digest, version } = promotion.candidate
  const names = [policy.name, ...earlierRings(solution, policy).map(({ name }) => name)]
  const rings = await Promise.all(
    names.map(async name => ({
      ring: name,
      history: await tx.deployments.history({ ...ring.key, ring: name }, { digest }),
    })),
  )
  const candidate = question.artifact ?? (await tx.artifacts.read(ring.key, digest))
  const active = activeDeployment(rings[0]?.history ?? [])
  const running = active === undefined ? undefined : await tx.artifacts.read(ring.key, active.digest)
  const releases = await tx.answers.releases(ring.key)
  return {
    ring: policy,
    candidate: { version, digest },
    now: tx.now,
    rings,
    checks: outside.checks,
    reviewedOnGithub: false,
    hotfix: promotion.hotfix,
    override: promotion.override,
    releases: releases.filter(release => names.includes(release.ring)),
    app: {
      requester: promotion.requestedBy,
      origin: originOf(promotion),
      approvals: {
        authors: outside.authors,
        binding: bindingOf(ports, { promotion, policy, baseline: active?.digest }),
        answers: await tx.answers.list(ring.key, digest),
      },
      locks: (await tx.rings.locks(ring.key.repository)).filter(
        lock =>
          lock.ring === undefined || (lock.ring.ring === ring.key.ring && lock.ring.solution === ring.key.solution),
      ),
      pullRequest: outside.pullRequest,
      interfaces: {
        candidate: candidate?.manifest,
        running: active === undefined ? [] : [{ name: artifactName(active), manifest: running?.manifest }],
      },
      configuration: configurationFacts(question, candidate),
      subAgents: await subAgents(tx, ring, candidate),
      // If the candidate becomes active, what is active now is what a rollback would bring back.
      rollback:
        active === undefined
          ? { kind: 'no_target' }
          : readinessOf({
              stored: outside.baselineArtifact,
              environment: outside.environment,
              artifact: running,
              target: artifactName(active),
            }),
      budget: undefined,
    },
  }
}

function originOf({ source }: Promotion): PromotionOrigin {
  if (source.kind !== 'automatic') return 'person'
  return source.after === 'build' ? 'push' : 'ring_before'
}

/** Whether a candidate, or what it would replace, needs anything of its environment by name. */
export async function needsNames(
  tx: ControlTransaction,
  { key, candidate }: Pick<Promotion, 'key' | 'candidate'>,
  baseline: Promotion['baseline'],
): Promise<boolean> {
  const digests = baseline === undefined ? [candidate.digest] : [candidate.digest, baseline]
  const artifacts = await Promise.all(digests.map(digest => tx.artifacts.read(key, digest)))
  const components = artifacts.flatMap(artifact => artifact?.manifest.components ?? [])
  return components.some(({ secrets, connectors }) => secrets.length + connectors.length > 0)
}

/** What somebody who approves a promotion now approves: exactly this candidate, over exactly this baseline, under exactly these rules. */
export function bindingOf(
  ports: Pick<ControlPorts, 'sha256'>,
  subject: {
    readonly promotion: Pick<Promotion, 'candidate' | 'key'>
    readonly policy: Parameters<typeof policyDigestInput>[0]
    readonly baseline: ApprovalBinding['baseline']
  },
): ApprovalBinding {
  const { promotion, policy, baseline } = subject
  return {
    candidate: promotion.candidate.digest,
    ring: promotion.key.ring,
    baseline,
    policy: ports.sha256(policyDigestInput(policy)),
  }
}

function configurationFacts(
  { ring, outside }: GateQuestion,
  candidate: ArtifactRecord | undefined,
): ConfigurationFacts {
  const values =
    candidate === undefined ? {} : configurationOf(candidate.manifest, ring.key.ring, outside.organisation).values
  return {
    needs: candidate === undefined ? undefined : configurationNeeds(candidate.manifest, outside.place.solution),
    environment: outside.environment,
    values: Object.keys(values),
  }
}

/** A published reference is locked at the build, to one version: what must still be true is that the version is there. */
async function subAgents(
  tx: ControlTransaction,
  { key }: RingRecord,
  candidate: ArtifactRecord | undefined,
): Promise<readonly SubAgentFact[] | undefined> {
  if (candidate === undefined) return undefined
  const references = candidate.manifest.components.flatMap(({ uses }) =>
    uses.flatMap(reference => (reference.kind === 'published' ? [reference] : [])),
  )
  const facts = references.map(async reference => {
    const other = { ...key, solution: reference.solution }
    const number = parseVersionName(reference.version)
    const published = number === undefined ? undefined : await tx.artifacts.version(other, number)
    const pointer = (await tx.rings.read({ ...other, ring: key.ring }))?.pointer
    return {
      name: manifestReferenceName(reference),
      pinned: true,
      published: published?.manifest.components.some(({ name }) => name === reference.component) ?? false,
      deployed: pointer?.deployment !== undefined,
    }
  })
  return await Promise.all(facts)
}

/** What was read of the version that a ring would go back to. */
export interface ReadinessFacts {
  /** What the store holds under its digest; undefined when that is not known. */
  readonly stored: Extract<RollbackReadiness, { kind: 'known' }>['artifact'] | undefined
  readonly environment: OutsideFacts['environment']
  /** What its build reported. */
  readonly artifact: ArtifactRecord | undefined
  /** `v41` */
  readonly target: string
  /** Why it is not known what the store holds. @default the App cannot read it */
  readonly words?: string | undefined
}

/** Whether a version could be restored, as far as that is known. */
export function readinessOf(facts: ReadinessFacts): RollbackReadiness {
  const { stored, environment, artifact, target, words = 'the App cannot read the artifact store' } = facts
  if (stored === undefined) return { kind: 'unknown', target, words }
  const secrets = (artifact?.manifest.components ?? []).flatMap(component => component.secrets)
  const there = environment?.secrets.map(name => name.toUpperCase())
  return {
    kind: 'known',
    target,
    artifact: stored,
    configuration: artifact !== undefined,
    missingSecrets:
      there === undefined ? [] : [...new Set(secrets)].filter(name => !there.includes(name.toUpperCase())),
  }
}
