import * as z from 'zod'
import { deploymentStates } from '../../domain/deployment.ts'
import { decodeParameters } from '../../domain/promotion-parameters.ts'
import { isReasonCode, type ReasonCode } from '../../domain/reason-code.ts'
import type { RingResult, RunResult } from '../../domain/result.ts'
import type {
  Assignment,
  BuildAnswer,
  BuildReport,
  PromotionWish,
  RunClaim,
  RunReport,
  RunVerdict,
} from '../../domain/run-protocol.ts'
import { isRunResult } from '../../domain/run-result-shape.ts'
import { isCommitSha, isSha256Digest } from '../../domain/units.ts'
import { parseVersionName, versionName } from '../../domain/version.ts'
import { configLayer, manifestSummary } from './manifest-summary.ts'

/**
 * The messages of `src/domain/run-protocol.ts` as they stand on the wire: snake_case, versions as `v42`, what is absent left out. Both sides
 * read and write them by these codecs: `message.encode(value)` before `JSON.stringify`, `message.safeDecode(json)` after. Fields that are not
 * known are passed over, for the Action and the App need not be of one version.
 */

const digest = z.string().refine(isSha256Digest, 'expected sha256: and 64 hexadecimal digits')
const commit = z.string().refine(isCommitSha, 'expected 40 or 64 hexadecimal digits')
const version = z.codec(z.string().regex(/^v[1-9][0-9]{0,8}$/), z.int(), {
  decode: name => parseVersionName(name) ?? 0,
  encode: versionName,
})
const state = z.enum(deploymentStates)
const id = z.int().positive()
const promotionId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/)
// A code that only the other side's version knows still has words beside it.
const reason = z.codec(z.string(), z.custom<ReasonCode>(), {
  decode: text => (isReasonCode(text) ? text : 'internal_error'),
  encode: code => code,
})
const artifact = z.codec(
  z.object({ version: version.optional(), digest }),
  z.custom<NonNullable<Assignment['previous']>>(),
  { decode: named => ({ version: named.version, digest: named.digest }), encode: named => named },
)

const parameters = z
  .record(z.string(), z.string())
  .refine(given => decodeParameters(given) !== undefined, 'expected parameters as a command takes them')

/** `POST /v1/runs`: what the run asks. */
export const runClaimMessage = z.codec(
  z.object({
    command: z.enum(['deploy', 'rollback']),
    environment: z.string().max(255),
    promotion: promotionId.optional(),
    artifact: z.string().max(100).optional(),
    reason: z.string().optional(),
  }),
  z.custom<RunClaim>(),
  {
    decode: wire => ({
      command: wire.command,
      environment: wire.environment,
      promotion: wire.promotion,
      artifact: wire.artifact,
      reason: wire.reason,
    }),
    encode: claim => claim,
  },
)

/** `POST /v1/runs`: the answer. */
export const assignmentMessage = z.codec(
  z.object({
    deployment: id,
    github_deployment: id.optional(),
    promotion: promotionId,
    task: z.enum(['place', 'restore', 'remove']),
    solution: z.string(),
    ring: z.string(),
    environment: z.string(),
    version: version.optional(),
    digest,
    previous: artifact.optional(),
    parameters: parameters.optional(),
    organisation: configLayer,
    state,
    reason: reason.optional(),
    words: z.string().optional(),
  }),
  z.custom<Assignment>(),
  {
    decode: ({ github_deployment: githubDeployment, ...wire }) => ({
      ...wire,
      githubDeployment,
      version: wire.version,
      previous: wire.previous,
    }),
    encode: ({ githubDeployment, parameters: given, ...assignment }) => ({
      ...assignment,
      parameters: given && { ...given },
      github_deployment: githubDeployment,
    }),
  },
)

const check = z.object({
  kind: z.enum(['passed', 'failed', 'errored']),
  words: z.string(),
  evidence: z.string(),
  attempts: z.int().nonnegative(),
  took_ms: z.number().nonnegative(),
})

/** `POST /v1/runs/{run_id}/reports`: what the run tells. */
export const runReportMessage = z.codec(
  z.object({
    deployment: id,
    event: z.enum(['packaged', 'placed', 'checked', 'activated', 'failed', 'put_back']),
    words: z.string(),
    reason: reason.optional(),
    kind: z.enum(['failed', 'errored']).optional(),
    ok: z.boolean().optional(),
    url: z.url({ protocol: /^https?$/ }).optional(),
    checks: z.array(check).optional(),
  }),
  z.custom<RunReport>(),
  { decode: wire => wire, encode: report => ({ ...report, checks: report.checks?.map(one => ({ ...one })) }) },
)

/** `POST /v1/runs/{run_id}/reports`: the answer. */
export const runVerdictMessage = z.codec(
  z.object({
    state,
    verdict: z.enum(['go_on', 'stop', 'over']),
    reason,
    words: z.string(),
    current: z.object({ artifact: artifact.nullable() }).optional(),
  }),
  z.custom<RunVerdict>(),
  {
    decode: ({ current, ...wire }) => ({
      ...wire,
      current: current && { artifact: current.artifact ?? undefined },
    }),
    encode: ({ current, ...verdict }) => ({
      ...verdict,
      current: current && { artifact: current.artifact ?? null },
    }),
  },
)

/** `POST /v1/builds`: what the build tells. */
export const buildReportMessage = z.codec(
  z.object({
    solution: z.string(),
    version: version.optional(),
    digest,
    content: digest,
    commit,
    pull_request: id.optional(),
    manifest: manifestSummary,
  }),
  z.custom<BuildReport>(),
  {
    decode: ({ pull_request: pullRequest, ...wire }) => ({ ...wire, pullRequest, version: wire.version }),
    encode: ({ pullRequest, manifest, ...report }) => ({
      ...report,
      pull_request: pullRequest,
      manifest: manifestSummary.parse(manifest),
    }),
  },
)

/** `POST /v1/builds`: the answer. */
export const buildAnswerMessage = z.codec(
  z.object({ promotions: z.array(z.object({ ring: z.string(), promotion: promotionId })) }),
  z.custom<BuildAnswer>(),
  { decode: wire => wire, encode: answer => ({ promotions: [...answer.promotions] }) },
)

/** `POST /v1/promotions`: what is asked. */
export const promotionWishMessage = z.codec(
  z.object({
    environment: z.string().max(255),
    artifact: z.string().max(100).optional(),
    reason: z.string().optional(),
    dry_run: z.boolean(),
  }),
  z.custom<PromotionWish>(),
  {
    decode: wire => ({
      environment: wire.environment,
      artifact: wire.artifact,
      reason: wire.reason,
      dryRun: wire.dry_run,
    }),
    encode: ({ dryRun, ...wish }) => ({ ...wish, dry_run: dryRun }),
  },
)

/** `POST /v1/promotions`: the answer, the record in which a run ends. */
export const runResultMessage = z.custom<RunResult>(isRunResult, 'expected the record in which a run ends')

const ring = z.object({
  solution: z.string(),
  ring: z.string(),
  environment: z.string(),
  version: z.string().nullable(),
  digest: z.string().nullable(),
  state: state.nullable(),
  newest: z.string().nullable(),
  url: z.string().nullable(),
}) satisfies z.ZodType<RingResult>

/** `GET /v1/status`: the answer. */
export const ringsMessage = z.object({ rings: z.array(ring) })

/** Every refusal: `application/problem+json` (RFC 9457) with our reason and what a person does now. */
export const problemMessage = z.object({
  type: z.string().optional(),
  title: z.string().optional(),
  status: z.int().optional(),
  detail: z.string(),
  code: reason,
  remedy: z.string(),
})
