import { defaultVerbs } from '../../src/domain/command/verbs.ts'
import type { DeploymentRecord } from '../../src/domain/deployment-history.ts'
import type { Ring, RingGates } from '../../src/domain/ring.ts'
import type { RingFile, Solution } from '../../src/domain/solution.ts'
import { commitSha, durationMs, epochMs, type Sha256Digest, sha256Digest } from '../../src/domain/units.ts'

/** A digest that is easy to tell from others: the number, 64 digits long. */
export function digestOf(version: number): Sha256Digest {
  return sha256Digest(`sha256:${version.toString(16).padStart(64, '0')}`)
}

/** A deployment of `v<version>`; its id is also when it was made, in minutes. */
export function recordOf(
  id: number,
  version: number,
  rest: Partial<DeploymentRecord> & Pick<DeploymentRecord, 'state'>,
): DeploymentRecord {
  const becameActive = rest.state === 'active' || rest.state === 'superseded'
  return {
    id,
    version,
    digest: digestOf(version),
    words: '',
    task: 'deploy',
    createdAt: minute(id),
    since: minute(id),
    activatedAt: becameActive ? minute(id) : undefined,
    commit: commitSha('a'.repeat(40)),
    ...rest,
  }
}

/** A solution without components, but for what is named. */
export function solutionOf(name: string, rest: Partial<Solution> = {}): Solution {
  return {
    name,
    path: '.',
    include: ['**'],
    exclude: [],
    components: [],
    config: {},
    connectors: {},
    requiredConfig: [],
    rings: [],
    ...rest,
  }
}

/** A ring file with the usual settings. */
export function ringFileOf(solutions: readonly Solution[]): RingFile {
  return {
    config: {},
    workflow: 'ringway.yml',
    slots: 4,
    commands: { words: defaultVerbs, ttl: durationMs(900_000) },
    allowedBots: [],
    messages: {},
    solutions,
  }
}

/** An instant, in minutes since the epoch. */
export function minute(minutes: number): ReturnType<typeof epochMs> {
  return epochMs(minutes * 60_000)
}

/** Gates that ask for nothing, but for what is named. */
export function gatesOf(rest: Partial<RingGates> = {}): RingGates {
  return {
    soak: durationMs(0),
    checks: 'none',
    ignoredChecks: [],
    windows: { allow: [], freeze: [] },
    pullRequest: {
      review: 'none',
      upToDate: 'none',
      drafts: 'refuse',
      verifiedCommits: 'none',
      labels: { require: [], forbid: [] },
    },
    compatibility: 'warn',
    rollbackReady: 'shown',
    budget: 'none',
    ...rest,
  }
}

/** A ring without rules, but for what is named. */
export function ringOf(
  name: string,
  { gates, ...rest }: Partial<Omit<Ring, 'gates'>> & { readonly gates?: Partial<RingGates> } = {},
): Ring {
  return {
    name,
    environment: name,
    deployOn: 'nothing',
    promote: 'manual',
    accepts: 'versions',
    config: {},
    deploy: { kind: 'command', run: './deploy.sh' },
    checks: [],
    gates: gatesOf(gates),
    maxDuration: durationMs(600_000),
    promotionExpiry: durationMs(7 * 86_400_000),
    coolDown: durationMs(600_000),
    alerts: { slow: durationMs(1_800_000) },
    locks: { release: [] },
    labels: { success: [], failure: [] },
    ...rest,
  }
}
