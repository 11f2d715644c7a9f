import { z } from 'zod'
import { CHECK_CONCLUSIONS, type CheckAnnotation, type CheckOutput } from '../world/check.ts'

/** Characters that GitHub takes for summary and text. */
const MAX_TEXT = 65_535
const MAX_ACTIONS = 3
/** Annotations per request; further requests add to them. */
const MAX_ANNOTATIONS = 50

const annotation = z.object({
  path: z.string(),
  start_line: z.int(),
  end_line: z.int(),
  start_column: z.int().optional(),
  end_column: z.int().optional(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
  title: z.string().optional(),
  raw_details: z.string().optional(),
})

export const checkRunFields = z.object({
  name: z.string().min(1).optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending']).optional(),
  started_at: z.coerce.date().optional(),
  conclusion: z.enum(CHECK_CONCLUSIONS).optional(),
  completed_at: z.coerce.date().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string().max(MAX_TEXT).optional(),
      text: z.string().max(MAX_TEXT).optional(),
      annotations: z.array(annotation).max(MAX_ANNOTATIONS).default([]),
    })
    .optional(),
  actions: z
    .array(
      z.object({
        label: z.string().max(20),
        description: z.string().max(40),
        identifier: z.string().max(20),
      }),
    )
    .max(MAX_ACTIONS)
    .optional(),
})

export const newCheckRun = checkRunFields.extend({ name: z.string().min(1), head_sha: z.string() })

export type CheckRunFields = z.infer<typeof checkRunFields>

/** The output after a request: texts replace, annotations add up. */
export function outputAfter(before: CheckOutput, given: NonNullable<CheckRunFields['output']>): CheckOutput {
  return {
    title: given.title ?? before.title,
    summary: given.summary ?? before.summary,
    text: given.text ?? before.text,
    annotations: [...before.annotations, ...given.annotations.map(decodeAnnotation)],
  }
}

function decodeAnnotation(given: z.infer<typeof annotation>): CheckAnnotation {
  return {
    path: given.path,
    startLine: given.start_line,
    endLine: given.end_line,
    startColumn: given.start_column ?? null,
    endColumn: given.end_column ?? null,
    level: given.annotation_level,
    title: given.title ?? null,
    message: given.message,
    rawDetails: given.raw_details ?? null,
  }
}
