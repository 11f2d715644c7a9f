import { rollbackTarget } from '../../domain/deployment-history.ts'
import { rollbackFault } from '../../domain/gates/rollback-ready-gate.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import type { ArtifactRecord, ControlTransaction, RingReadiness } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readPolicy } from '../control/read-policy.ts'
import { readinessOf } from '../promotions/gate-facts.ts'
import { readNames, readStored } from '../promotions/read-outside.ts'
import { proveByRun, type RingToProve, type RunProof } from './prove-by-run.ts'

/** Looks whether each ring of a repository could go back now: artifact, configuration snapshot and secrets of what it would go back to. */
export async function proveReadiness(ports: ControlPorts, key: RepositoryKey): Promise<void> {
  const live = await ports.store.transaction(key, async tx =>
    (await tx.rings.list(key.repository)).filter(({ pointer }) => pointer.deployment !== undefined),
  )
  if (live.length === 0) return
  const policy = await readPolicy(ports, key).catch(unlessUnreadable)
  if (policy === undefined) return
  for (const { key: ring } of live) {
    const solution = policy.ringFile.solutions.find(({ name }) => name === ring.solution)
    const declared = solution?.rings.find(({ name }) => name === ring.ring)
    if (declared !== undefined) await proveRing(ports, { policy, key: ring, environment: declared.environment })
  }
}

async function proveRing(ports: ControlPorts, ring: RingToProve): Promise<void> {
  const { key, policy, environment } = ring
  const known = await ports.store.transaction(key, tx => readKnown(tx, key))
  if (known === undefined) return
  const { target, artifact, before } = known
  if (target === undefined)
    return await save(ports, { key, target, readiness: { kind: 'no_target' }, proof: undefined })
  const [stored, names] = await Promise.all([
    readStored(policy.github, target.digest),
    readNames(policy.github, environment),
  ])
  const proof: RunProof =
    policy.github.artifacts === undefined ? await proveByRun(ports, ring, { target, before }) : { artifact: stored }
  const readiness = readinessOf({
    stored: proof.artifact,
    environment: names,
    artifact,
    target: artifactName(target),
    words: proof.words,
  })
  await save(ports, { key, target: target.id, readiness, proof: proof.proof })
}

interface Known {
  readonly target: RingDeployment | undefined
  /** What the target's build reported. */
  readonly artifact: ArtifactRecord | undefined
  readonly before: RingReadiness | undefined
}

async function readKnown(tx: ControlTransaction, key: RingKey): Promise<Known | undefined> {
  const history = await tx.deployments.history(key)
  const pointer = (await tx.rings.read(key))?.pointer.deployment
  const active = history.find(({ id }) => id === pointer)
  if (active === undefined) return undefined
  const target = history.find(({ id }) => id === rollbackTarget(history, active)?.id)
  return {
    target,
    artifact: target && (await tx.artifacts.read(key, target.digest)),
    before: await tx.readiness.read(key),
  }
}

async function save(ports: ControlPorts, found: Omit<RingReadiness, 'lookedAt'>): Promise<void> {
  const { key, target, readiness } = found
  await ports.store.transaction(key, async tx => {
    const before = await tx.readiness.read(key)
    await tx.readiness.save({ ...found, lookedAt: tx.now })
    const fault = rollbackFault(readiness)
    if (fault === undefined) return
    // Told when it turns bad; looking again at what is bad is no news.
    if (before !== undefined && before.target === target && rollbackFault(before.readiness) !== undefined) return
    await tx.events.append({ type: 'alert.rollback_not_ready', key, data: { target: target ?? null, words: fault } })
  })
}

function unlessUnreadable(error: unknown): undefined {
  if (error instanceof RingwayError && error.kind === 'failed' && error.code !== 'app_not_installed') return undefined
  throw error
}
