import type { DeploymentRecord } from '../../src/domain/deployment-history.ts'
import type { Ring } from '../../src/domain/ring.ts'
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

/** An instant, in minutes since the epoch. */
export function minute(minutes: number): ReturnType<typeof epochMs> {
  return epochMs(minutes * 60_000)
}

/** A ring without rules. */
export function ringOf(name: string, rest: Partial<Ring> = {}): Ring {
  return {
    name,
    environment: name,
    deployOn: 'nothing',
    promote: 'manual',
    accepts: 'versions',
    config: {},
    deploy: { kind: 'command', run: './deploy.sh' },
    checks: [],
    gates: { soak: durationMs(0), checks: 'none', windows: { allow: [], freeze: [] } },
    maxDuration: durationMs(600_000),
    ...rest,
  }
}
