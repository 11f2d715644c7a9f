import { deploymentStates } from './deployment.ts'
import { type GateVerdict, gateNames } from './gates/gate-verdict.ts'
import { reasonCodes } from './reason-code.ts'
import type { CheckResult, Decision, RingResult, RunResult, SolutionResult } from './result.ts'
import { isCount, isFlag, isText, listOf, nullable, oneOf, optional, recordOf, type Shape } from './shape.ts'

/** A field that is added to the type and not here does not compile. */
type ShapeOf<T> = Readonly<Record<keyof T & string, Shape>>

const decisions: Readonly<Record<Decision, true>> = {
  done: true,
  nothing: true,
  refused: true,
  failed: true,
  errored: true,
}
const verdicts: Readonly<Record<GateVerdict['verdict'], true>> = {
  pass: true,
  wait: true,
  fail: true,
  inconclusive: true,
  errored: true,
}
const isReason = oneOf(Object.keys(reasonCodes))
const isState = oneOf(deploymentStates)

const gate: ShapeOf<GateVerdict> = {
  gate: oneOf(gateNames),
  verdict: oneOf(Object.keys(verdicts)),
  reason: isReason,
  words: isText,
  until: optional(isCount),
  remedy: optional(isText),
}

const check: ShapeOf<CheckResult> = {
  kind: oneOf(['passed', 'failed', 'errored']),
  words: isText,
  evidence: isText,
  attempts: isCount,
  took_ms: isCount,
}

const solution: ShapeOf<SolutionResult> = {
  solution: isText,
  version: nullable(isText),
  digest: isText,
  content: isText,
  published: isFlag,
  changed: isFlag,
  uploaded_bytes: isCount,
  compatibility: nullable(recordOf({ breaking: isFlag, findings: listOf(isText) })),
  dispatched: listOf(recordOf({ ring: isText, run_url: isText, deployment_id: nullable(isCount) })),
  promotions: optional(listOf(recordOf({ ring: isText, promotion: isText }))),
}

const ring: ShapeOf<RingResult> = {
  solution: isText,
  ring: isText,
  environment: isText,
  version: nullable(isText),
  digest: nullable(isText),
  state: nullable(isState),
  newest: nullable(isText),
  url: nullable(isText),
}

const result: ShapeOf<RunResult> = {
  schema_version: oneOf([1]),
  command: isText,
  decision: oneOf(Object.keys(decisions)),
  reason_code: isReason,
  message: isText,
  remedy: optional(isText),
  solution: optional(isText),
  ring: optional(isText),
  environment: optional(isText),
  version: optional(isText),
  digest: optional(isText),
  deployment_id: optional(isCount),
  state: optional(isState),
  previous_version: optional(isText),
  url: optional(isText),
  changed: optional(isFlag),
  changes: optional(listOf(isText)),
  gates: optional(listOf(recordOf(gate))),
  checks: optional(listOf(recordOf(check))),
  solutions: optional(listOf(recordOf(solution))),
  rings: optional(listOf(recordOf(ring))),
  dispatched: optional(listOf(recordOf({ ring: isText, run_url: isText }))),
}

const isRecordOfRun = recordOf(result)

/** Whether a value, such as the parsed `result` output of a run, is a record that this version of Ringway understands. */
export function isRunResult(value: unknown): value is RunResult {
  return isRecordOfRun(value)
}
