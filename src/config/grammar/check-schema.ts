import * as z from 'zod'
import { key } from './key.ts'
import { checkUrl, commandLine, comparison, duration, percentagePoints } from './texts.ts'

const evaluationCheckSchema = z.strictObject({
  'no-worse-than': key(comparison.default('baseline'), {
    meaning: 'What the candidate is compared with: `baseline`, or a version such as `v42`.',
  }),
  margin: key(percentagePoints.default('5pp'), {
    meaning: 'How much worse is still no worse.',
    unit: 'percentage points',
  }),
})

/** One item of `checks` of a ring. */
export const checkSchema = z.strictObject({
  http: key(checkUrl.optional(), {
    meaning:
      'Asks this path below the URL that the target reported, or this absolute URL, until it answers as expected.',
  }),
  expect: key(z.int().min(100).max(599).optional(), { meaning: 'The HTTP status of a good answer.', default: '`200`' }),
  run: key(commandLine.optional(), {
    meaning: 'Runs this inside the unpacked artifact, with `RINGWAY_URL` in its environment; 0 is good.',
  }),
  retries: key(z.int().min(0).max(10).optional(), {
    meaning: 'How often `run` is run again when it ended badly; all attempts share its deadline.',
    default: '`0`',
    unit: 'times',
  }),
  evaluation: key(evaluationCheckSchema.optional(), {
    meaning: 'Compares the results of `evaluation` of the solution.',
    notYet: true,
  }),
  within: key(duration.optional(), {
    meaning: 'The deadline for the first good answer.',
    unit: 'ms, s, m, h, d',
    default: '`60s` for `http`, `10m` for `run`',
  }),
})
