import { decodeParameters } from './promotion-parameters.ts'
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
  /** What the ring pointed to when the promotion was requested. */
  readonly baseline?: Sha256Digest | undefined
  readonly task: 'deploy' | 'rollback'
  /** The login of whoever wanted it. */
  readonly requestedBy: string
  /** What whoever wanted it said besides, as `key=value`. */
  readonly parameters: Readonly<Record<string, string>>
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
    baseline: payload.baseline ?? null,
    task: payload.task,
    requested_by: payload.requestedBy,
    parameters: payload.parameters,
  }
}

/** Reads a payload; undefined when it is not exactly one of ours. Whoever may push can write one: check the creator too. */
export function decodeDeploymentPayload(value: unknown): DeploymentPayload | undefined {
  const field = ownFields(value)
  const name = field('version')
  const version = typeof name === 'string' ? parseVersionName(name) : undefined
  if (field('schema_version') !== 1 || (name !== null && version === undefined)) return undefined
  const [promotion, solution, ring] = [text(field('promotion')), text(field('solution')), text(field('ring'))]
  if (promotion === undefined || solution === undefined || ring === undefined) return undefined
  const [digest, requestedBy, task] = [text(field('digest')), text(field('requested_by')), field('task')]
  if (digest === undefined || !isSha256Digest(digest) || requestedBy === undefined) return undefined
  if (task !== 'deploy' && task !== 'rollback') return undefined
  const baseline = field('baseline') ?? undefined
  if (baseline !== undefined && (typeof baseline !== 'string' || !isSha256Digest(baseline))) return undefined
  const parameters = decodeParameters(field('parameters'))
  if (parameters === undefined) return undefined
  return { promotion, solution, ring, version, digest, baseline, task, requestedBy, parameters }
}

/** Inherited fields are nobody's word. */
function ownFields(value: unknown): (key: string) => unknown {
  if (typeof value !== 'object' || value === null) return () => undefined
  return key => (Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined)
}

/** Names and ids are short and printable; what is not comes from a stranger. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && /^[^\p{C}\p{Z}]{1,200}$/u.test(value) ? value : undefined
}
