import * as z from 'zod'
import { choice, key } from './key.ts'
import { duration, name, timeZone, words } from './texts.ts'

const scheduleSchema = z.strictObject({
  cron: key(words, { meaning: 'Five fields: minute, hour, day of the month, month, day of the week.' }),
  timezone: key(timeZone.prefault('UTC'), { meaning: 'The IANA zone whose clock counts.' }),
  overlap: key(choice(['skip', 'queue', 'replace']).default('skip'), {
    meaning: 'What happens while the run before still goes on.',
  }),
  'catch-up': key(duration.prefault('1h'), {
    meaning: 'How late a moment that was missed is made up for.',
    unit: 'ms, s, m, h, d',
  }),
})

/** One item of `triggers` of a component. */
export const triggerSchema = z.strictObject({
  webhook: key(name.optional(), { meaning: 'A stable URL by this name, from before the first deployment on.' }),
  reply: key(choice(['accepted', 'result']).default('accepted'), {
    meaning: 'Whether a webhook is answered at once or with the result.',
  }),
  schedule: key(scheduleSchema.optional(), { meaning: 'Moments at which it starts by itself.' }),
  comment: key(words.optional(), { meaning: 'A word at the beginning of a comment.' }),
})
