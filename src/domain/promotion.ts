import { isSha256Digest, type Sha256Digest } from './units.ts'
import { parseVersionName, type VersionNumber, versionName } from './version.ts'

/** What a GitHub Deployment that Ringway opens says of itself. */
export interface DeploymentPayload {
  /** The promotion's id. */
  readonly promotion: string
  readonly solution: string
  readonly ring: string
  /** Absent for a draft. */
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
  readonly task: 'deploy' | 'rollback'
  /** The login of whoever wanted it. */
  readonly requestedBy: string
}

/** The payload as it is written: snake_case, with the version of its form. */
export function deploymentPayload(
  payload: DeploymentPayload,
): Record<string, unknown> & { readonly promotion: string } {
  return {
    schema_version: 1,
    promotion: payload.promotion,
    solution: payload.solution,
    ring: payload.ring,
    version: payload.version === undefined ? null : versionName(payload.version),
    digest: payload.digest,
    task: payload.task,
    requested_by: payload.requestedBy,
  }
}

/** Reads a payload; undefined when it is not exactly one of ours. Whoever may push can write one: check the creator too. */
export function decodeDeploymentPayload(value: unknown): DeploymentPayload | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const field = (key: string): unknown => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined)
  const text = (key: string): string | undefined => {
    const found = field(key)
    return typeof found === 'string' && found !== '' && found.length <= 200 ? found : undefined
  }
  const [promotion, solution, ring] = [text('promotion'), text('solution'), text('ring')]
  const [digest, requestedBy, task] = [text('digest'), text('requested_by'), text('task')]
  const name = field('version')
  const version = typeof name === 'string' ? parseVersionName(name) : undefined
  if (field('schema_version') !== 1 || (name !== null && version === undefined)) return undefined
  if (promotion === undefined || solution === undefined || ring === undefined) return undefined
  if (digest === undefined || !isSha256Digest(digest) || requestedBy === undefined) return undefined
  if (task !== 'deploy' && task !== 'rollback') return undefined
  return { promotion, solution, ring, version, digest, task, requestedBy }
}
