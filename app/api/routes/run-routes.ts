import * as z from 'zod'
import {
  assignmentMessage,
  buildAnswerMessage,
  buildReportMessage,
  promotionWishMessage,
  ringsMessage,
  runClaimMessage,
  runReportMessage,
  runResultMessage,
  runVerdictMessage,
} from '../../../src/adapters/control-plane/run-messages.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import { claimRun } from '../../../src/engine/assignments/claim-run.ts'
import type { RunCaller } from '../../../src/engine/assignments/run-caller.ts'
import { takeReport } from '../../../src/engine/assignments/take-report.ts'
import { takeBuild } from '../../../src/engine/builds/take-build.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { promoteForRun } from '../../../src/engine/promotions/promote-for-run.ts'
import { viewRings } from '../../../src/engine/views/view-rings.ts'
import type { AdmittedRun } from '../admit.ts'
import { type ApiRoute, noBody, nothing, runRoute } from '../route.ts'

const digest = `sha256:${'0'.repeat(64)}`

/** What runs of the Action ask and tell: `POST /v1/runs`, its reports, `POST /v1/builds`, `POST /v1/promotions`, `GET /v1/status`. */
export function runRoutes(control: ControlPorts): readonly ApiRoute[] {
  return [
    runRoute({
      id: 'claimRun',
      method: 'POST',
      path: '/v1/runs',
      summary: 'The work of the workflow run that asks.',
      params: nothing,
      query: nothing,
      body: runClaimMessage,
      answer: assignmentMessage,
      example: { params: {}, query: {}, body: { command: 'deploy', environment: 'dev', promotion: 'p0' } },
      handle: async ({ who, body }) => await claimRun(control, callerOf(who), body),
    }),
    runRoute({
      id: 'reportRun',
      method: 'POST',
      path: '/v1/runs/{run_id}/reports',
      summary: 'What the workflow run that tells did or saw.',
      params: z.strictObject({ run_id: z.coerce.number().int().positive() }),
      query: nothing,
      body: runReportMessage,
      answer: runVerdictMessage,
      example: { params: { run_id: 1 }, query: {}, body: { deployment: 1, event: 'packaged', words: 'fetched' } },
      handle: async ({ who, params, body }) => {
        if (params.run_id !== who.claims.runId) throw otherRun(params.run_id, who)
        return await takeReport(control, callerOf(who), body)
      },
    }),
    runRoute({
      id: 'reportBuild',
      method: 'POST',
      path: '/v1/builds',
      summary: 'What a build published; the promotions that follow by themselves are requested.',
      params: nothing,
      query: nothing,
      body: buildReportMessage,
      answer: buildAnswerMessage,
      example: {
        params: {},
        query: {},
        body: {
          solution: 'shop',
          digest,
          content: digest,
          commit: '0'.repeat(40),
          manifest: {
            schemaVersion: 1,
            solution: 'shop',
            components: [],
            layers: [],
            config: { repository: {}, solution: {}, rings: {} },
            locks: [],
            plan: { order: [] },
          },
        },
      },
      handle: async ({ who, body }) => await takeBuild(control, callerOf(who), body),
    }),
    runRoute({
      id: 'promoteForRun',
      method: 'POST',
      path: '/v1/promotions',
      summary: 'Asks for a promotion, on behalf of whoever started the workflow run.',
      params: nothing,
      query: nothing,
      body: promotionWishMessage,
      answer: runResultMessage,
      example: { params: {}, query: {}, body: { environment: 'dev', dry_run: true } },
      handle: async ({ who, body, idempotencyKey, requestId }) =>
        await promoteForRun(control, callerOf(who), { wish: body, once: idempotencyKey ?? requestId }),
    }),
    runRoute({
      id: 'readStatus',
      method: 'GET',
      path: '/v1/status',
      summary: 'What every ring of the repository of the workflow run points to.',
      params: nothing,
      query: nothing,
      body: noBody,
      answer: ringsMessage,
      example: { params: {}, query: {}, body: undefined },
      handle: async ({ who }) => ({ rings: [...(await viewRings(control, callerOf(who)))] }),
    }),
  ]
}

function callerOf({ claims, repository }: AdmittedRun): RunCaller {
  return { tenant: repository.tenant, repository: repository.repository, claims }
}

function otherRun(run: number, { claims }: AdmittedRun): RingwayError {
  return new RingwayError({
    code: 'unauthorised_run',
    message: `Run ${claims.runId} tells of run ${run}.`,
    remedy: 'A run tells of itself alone.',
  })
}
