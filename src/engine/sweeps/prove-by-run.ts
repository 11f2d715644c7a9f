import type { RollbackReadiness } from '../../domain/gates/rollback-ready-gate.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RingKey } from '../../domain/ring-key.ts'
import { durationMs } from '../../domain/units.ts'
import { artifactName } from '../../domain/version.ts'
import type { RingReadiness } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import type { RepositoryPolicy } from '../control/read-policy.ts'

/** A ring whose way back is looked at. */
export interface RingToProve {
  readonly policy: RepositoryPolicy
  readonly key: RingKey
  readonly environment: string
}

/** How long a proof holds. */
const holds = durationMs(24 * 3_600_000)

/** What a run proved of an artifact. */
export interface RunProof {
  /** Undefined: nothing yet. */
  readonly artifact: Extract<RollbackReadiness, { kind: 'known' }>['artifact'] | undefined
  /** Why it is not known. */
  readonly words?: string | undefined
  readonly proof?: RingReadiness['proof']
}

/**
 * Has a run of the workflow verify an artifact that the App cannot read, once a day, and takes what the last one said. None is started where people
 * or a rule would be asked to let it in, nor while the ring has something else to do: of the runs that wait for a ring GitHub keeps only the newest.
 */
export async function proveByRun(
  ports: ControlPorts,
  ring: RingToProve,
  { target, before }: { readonly target: RingDeployment; readonly before: RingReadiness | undefined },
): Promise<RunProof> {
  const last = before?.target === target.id ? before : undefined
  const said = last?.proof === undefined ? undefined : await readProof(ring, last)
  const now = await ports.store.transaction(ring.key, async tx => tx.now)
  const isDue = last?.proof === undefined || now >= last.proof.startedAt + holds
  if (!isDue || said === 'underway') return proofOf(said, last)
  const obstacle = await obstacleOf(ports, ring)
  if (obstacle !== undefined) return said === undefined ? { artifact: undefined, words: obstacle } : proofOf(said, last)
  const { github, ringFile } = ring.policy
  const { id: run } = await github.runs.dispatch({
    workflow: ringFile.workflow,
    branch: await github.repository.defaultBranch(),
    command: 'verify',
    environment: ring.environment,
    artifact: target.version === undefined ? target.digest : artifactName(target),
    promotion: `verify-${ports.newId()}`,
  })
  return { ...proofOf(said ?? 'underway', last), proof: { run, startedAt: now } }
}

type Said = 'equal' | 'unproven' | 'underway'

async function readProof({ policy }: RingToProve, { proof }: RingReadiness): Promise<Said | undefined> {
  const run = proof === undefined ? undefined : await policy.github.runRecords.read(proof.run)
  if (run === undefined) return undefined
  if (run.status !== 'completed') return 'underway'
  return run.conclusion === 'success' ? 'equal' : run.conclusion === 'failure' ? 'unproven' : undefined
}

/** While a run is at it, what the one before it said still holds. */
function proofOf(said: Said | undefined, last: RingReadiness | undefined): RunProof {
  const proof = last?.proof
  if (said !== undefined && said !== 'underway') return { artifact: said, proof }
  const earlier = last?.readiness.kind === 'known' ? last.readiness.artifact : undefined
  const words = said === 'underway' ? 'a run is verifying it' : 'the run that was to verify it did not end'
  return earlier === undefined ? { artifact: undefined, words, proof } : { artifact: earlier, proof }
}

async function obstacleOf(ports: ControlPorts, { key, policy, environment }: RingToProve): Promise<string | undefined> {
  const isBusy = await ports.store.transaction(key, async tx => {
    const unfinished = await tx.deployments.unfinished(key.repository)
    const isHere = unfinished.some(one => one.key.solution === key.solution && one.key.ring === key.ring)
    return isHere || (await tx.promotions.open(key)).length > 0
  })
  if (isBusy) return 'the App cannot read the artifact store, and the ring is busy'
  const protection = await policy.github.inventory.protection(environment)
  const isGuarded = protection?.reviewers !== undefined || protection?.customRules.some(rule => rule.isEnabled) === true
  return isGuarded ? `the App cannot read the artifact store, and ${environment} lets no run in by itself` : undefined
}
