import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { ControlPlane } from '../../ports/control-plane.ts'
import { type AppConnection, askApp } from './ask-app.ts'
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
} from './run-messages.ts'

/**
 * The App over HTTP.
 *
 * @param connection - how it is asked; `runId`: the workflow run that asks
 */
export function createControlPlane(connection: AppConnection & { readonly runId: number }): ControlPlane {
  const ask = async <T>(
    route: string,
    answer: z.ZodType<T>,
    sent: { readonly body?: unknown; readonly key?: string } = {},
  ): Promise<T> => {
    const read = answer.safeParse(await askApp(connection, { route, ...sent }))
    if (read.success) return read.data
    const [first] = read.error.issues
    throw new RingwayError({
      code: 'app_unreachable',
      kind: 'errored',
      message: `The App's answer to ${route} is not one that this version of the Action knows: ${first?.path.join('.')}: ${first?.message}.`,
      remedy: 'Bring the Action and the App to versions that know each other.',
    })
  }
  return {
    claim: claim => ask('POST /v1/runs', assignmentMessage, { body: runClaimMessage.encode(claim) }),
    report: report =>
      ask(`POST /v1/runs/${connection.runId}/reports`, runVerdictMessage, { body: runReportMessage.encode(report) }),
    reportBuild: report => ask('POST /v1/builds', buildAnswerMessage, { body: buildReportMessage.encode(report) }),
    promote: wish =>
      // Nothing in a promotion says whether it was asked for before, so the key does.
      ask('POST /v1/promotions', runResultMessage, { body: promotionWishMessage.encode(wish), key: randomUUID() }),
    readRings: async () => (await ask('GET /v1/status', ringsMessage)).rings,
  }
}
