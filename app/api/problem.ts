import * as z from 'zod'
import { reasonCodes } from '../../src/domain/reason-code.ts'

/** A refusal of the API, as the App's server writes all of them. Source: RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string().describe('The name of the status.'),
  status: z.int(),
  detail: z.string().describe('What was expected and what came.'),
  code: z.enum(Object.keys(reasonCodes)).describe('Why; the list is closed.'),
  remedy: z.string().describe('What to do now.'),
  request_id: z.string().describe('By which the request is found in the log of the App.'),
  problems: z
    .array(z.object({ where: z.string(), words: z.string() }))
    .optional()
    .describe('Everything that is wrong with a request that does not fit.'),
})
