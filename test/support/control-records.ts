import type { Effect } from '../../src/domain/effect.ts'
import type { Approval } from '../../src/domain/gates/approvals-gate.ts'
import type { Promotion } from '../../src/domain/promotion.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import type { RingKey } from '../../src/domain/ring-key.ts'
import { commitSha, epochMs } from '../../src/domain/units.ts'
import type { ArtifactRecord } from '../../src/ports/control-store.ts'
import { manifestOf } from './manifests.ts'
import { digestOf } from './ring-records.ts'

/** A ring of a tenant. */
export function ringKeyOf(tenant: number, rest: Partial<RingKey> = {}): RingKey {
  return { tenant, repository: 42, solution: 'support', ring: 'staging', ...rest }
}

/** A promotion that holds nothing but what is given: nothing else is there, nobody answered, it was just requested. */
export function promotionOf(key: RingKey, rest: Partial<Promotion> & Pick<Promotion, 'id'>): Promotion {
  return {
    key,
    state: 'requested',
    task: 'deploy',
    candidate: { version: undefined, digest: digestOf(1), commit: commitSha('a'.repeat(40)) },
    baseline: undefined,
    requestedBy: { id: 7, login: 'mona' },
    source: { kind: 'api' },
    reason: undefined,
    parameters: {},
    hotfix: false,
    override: undefined,
    pullRequest: undefined,
    requestedAt: epochMs(1_700_000_000_001),
    expiresAt: epochMs(1_700_600_000_001),
    verdicts: [],
    end: undefined,
    supersededBy: undefined,
    deployment: undefined,
    run: undefined,
    waitingJob: undefined,
    ...rest,
  }
}

/** A deployment that was just queued. */
export function deploymentOf(key: RingKey, rest: Partial<Omit<RingDeployment, 'id'>> = {}): Omit<RingDeployment, 'id'> {
  return {
    key,
    promotion: 'p-1',
    githubId: undefined,
    version: undefined,
    digest: digestOf(1),
    commit: commitSha('a'.repeat(40)),
    state: 'queued',
    reason: undefined,
    words: '',
    task: 'deploy',
    createdAt: epochMs(1_700_000_000_002),
    since: epochMs(1_700_000_000_003),
    activatedAt: undefined,
    runId: undefined,
    url: undefined,
    organisation: {},
    checks: [],
    replaces: undefined,
    ends: undefined,
    ...rest,
  }
}

/** A draft without components. */
export function artifactOf(
  { tenant, repository, solution }: RingKey,
  rest: Partial<ArtifactRecord> = {},
): ArtifactRecord {
  const { files: _files, ...manifest } = manifestOf()
  return {
    tenant,
    repository,
    solution,
    digest: digestOf(1),
    content: digestOf(100),
    version: undefined,
    commit: commitSha('a'.repeat(40)),
    pullRequest: undefined,
    manifest,
    builtAt: epochMs(1_700_000_000_004),
    ...rest,
  }
}

/** A yes to digest 1 in staging. */
export function approvalOf(rest: Partial<Approval> = {}): Approval {
  return {
    person: { id: 8, login: 'hubot' },
    teams: [],
    answer: 'approved',
    binding: { candidate: digestOf(1), ring: 'staging', baseline: undefined, policy: 'rules' },
    at: epochMs(1_700_000_000_005),
    via: 'ringway',
    ...rest,
  }
}

/** A deed of a lane, told from others by its run. */
export function deedOf({ tenant, repository }: RingKey, run: number, lane = 'lane'): Effect {
  return {
    type: 'deed',
    repository: { tenant, repository },
    lane,
    key: `cancel_run ${run}`,
    deed: { kind: 'cancel_run', run },
  }
}
