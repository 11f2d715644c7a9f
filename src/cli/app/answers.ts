import * as z from 'zod'

/** What the App answers, as far as a terminal shows it; what more there is stays for `--json`. */
const person = z.looseObject({ login: z.string() })

/** A deployment. */
const deploymentAnswer = z.looseObject({
  id: z.number(),
  solution: z.string(),
  ring: z.string(),
  version: z.string().nullable(),
  digest: z.string(),
  state: z.string(),
  words: z.string(),
  task: z.string(),
  created_at: z.string(),
  since: z.string(),
  url: z.string().nullable(),
})

/** A deployment with who asked for it. */
export const askedAnswer = deploymentAnswer.extend({ requested_by: person.nullable() })

/** A promotion. */
const promotionAnswer = z.looseObject({
  id: z.string(),
  solution: z.string(),
  ring: z.string(),
  state: z.string(),
  version: z.string().nullable(),
  digest: z.string(),
  requested_by: person,
  end: z.looseObject({ words: z.string() }).nullable(),
})

/** A ring. */
export const ringAnswer = z.looseObject({
  solution: z.string(),
  ring: z.string(),
  status: z.string(),
  active: deploymentAnswer.nullable(),
  promotion: promotionAnswer.nullable(),
  locks: z.array(z.looseObject({ by: person, until: z.string().nullable() })),
})

/** Every solution with its rings. */
export const solutionsAnswer = z.looseObject({
  items: z.array(z.looseObject({ name: z.string(), rings: z.array(ringAnswer) })),
})

/** What came of a command. */
export const doneAnswer = z.looseObject({
  message: z.string(),
  promotion: promotionAnswer.nullable(),
  verdicts: z.array(z.looseObject({ gate: z.string(), verdict: z.string(), words: z.string() })).optional(),
})

/** `v12`, or a draft by the beginning of its digest. */
export function nameIn({ version, digest }: { readonly version: string | null; readonly digest: string }): string {
  return version ?? `draft ${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`
}

/** `2026-11-30 08:00` of an instant in ISO 8601. */
export function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ')
}
