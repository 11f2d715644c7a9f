import * as z from 'zod'
import { choice, key, listOf } from './key.ts'
import { duration, httpsUrl, money, name, percent, words } from './texts.ts'

const stepSchema = z.strictObject({
  weight: key(z.int().min(1).max(100), { meaning: 'Share of traffic that the candidate gets.', unit: 'percent' }),
  for: key(duration, { meaning: 'How long.', unit: 'ms, s, m, h, d' }),
})

const toleranceSchema = z.strictObject({
  tolerance: key(z.number().min(1).max(100), {
    meaning: 'How many times the figure of the baseline is still as good.',
    unit: 'times',
  }),
})

/** `rings.<name>.rollout` */
export const rolloutSchema = z.strictObject({
  strategy: key(choice(['plain', 'canary', 'shadow'], { notYet: ['canary', 'shadow'] }).default('plain'), {
    meaning:
      '`plain`: all at once, after the checks; `canary`: a growing share of traffic; `shadow`: copies of traffic, no answers.',
  }),
  steps: key(listOf(stepSchema), { meaning: 'The shares of a canary, one after the other.', notYet: true }),
})

/** Keys of a ring that judge and guard it while it runs. */
export const guardKeys = {
  analysis: key(
    z
      .strictObject({
        source: key(choice(['gateway', 'prometheus']).default('gateway'), { meaning: 'Who counts.' }),
        errors: key(toleranceSchema.optional(), { meaning: 'How the error rate is judged.' }),
        latency: key(toleranceSchema.optional(), { meaning: 'How the latency is judged.' }),
        'false-rollback': key(z.number().positive().max(0.5).default(0.01), {
          meaning: 'How probable it may be that a good version is rolled back, per deployment.',
          unit: 'probability',
        }),
        'on-inconclusive': key(choice(['extend', 'hold', 'roll-back', 'promote']).default('extend'), {
          meaning: 'What happens when there was too little to judge.',
        }),
      })
      .optional(),
    { meaning: 'How a canary is judged.', notYet: true },
  ),
  watch: key(duration.optional(), {
    meaning: 'How long evidence is collected after a version became active.',
    unit: 'ms, s, m, h, d',
    notYet: true,
  }),
  breaker: key(
    z
      .strictObject({
        consecutive: key(z.int().min(1).max(10_000).optional(), {
          meaning: 'Failures one after the other.',
          unit: 'runs',
        }),
        rate: key(percent.optional(), { meaning: 'Share of failures.', unit: 'percent' }),
        of: key(z.int().min(1).max(1_000_000).optional(), {
          meaning: 'How many runs there must be to judge.',
          unit: 'runs',
        }),
        window: key(duration.optional(), { meaning: 'The span that counts.', unit: 'ms, s, m, h, d' }),
      })
      .optional(),
    { meaning: 'When a ring is paused by itself.', notYet: true },
  ),
  budget: key(
    z
      .strictObject({
        amount: key(money, { meaning: 'What may be spent.', unit: 'currency' }),
        per: key(choice(['day', 'week', 'month']), { meaning: 'In which span.' }),
        alert: key(listOf(z.int().min(1).max(100)), { meaning: 'At which shares people are told.', unit: 'percent' }),
        enforce: key(z.boolean().default(false), { meaning: 'Whether runs are refused when it is spent.' }),
      })
      .optional(),
    { meaning: 'What the runs of a ring may cost.', notYet: true },
  ),
  slo: key(
    z
      .strictObject({
        success: key(percent.optional(), { meaning: 'Share of runs that must succeed.', unit: 'percent' }),
        latency: key(duration.optional(), {
          meaning: 'The latency that 99 of 100 runs must keep.',
          unit: 'ms, s, m, h, d',
        }),
        window: key(duration.optional(), { meaning: 'The span that counts.', unit: 'ms, s, m, h, d' }),
      })
      .optional(),
    { meaning: 'What the ring promises.', notYet: true },
  ),
  traffic: key(
    z
      .strictObject({
        sticky: key(words.optional(), { meaning: 'What keeps a caller on one version, as `header:X-User`.' }),
      })
      .optional(),
    {
      meaning: 'How callers are divided between versions.',
      notYet: true,
    },
  ),
  url: key(httpsUrl.optional(), {
    meaning:
      'The URL that people are shown, instead of the one that the target reports. Checks ask the version itself.',
    default: 'what the target reports',
  }),
  notify: key(
    listOf(
      z.strictObject({
        url: key(httpsUrl, { meaning: 'Who is told.' }),
        events: key(listOf(name), { meaning: 'Of what.' }),
      }),
    ),
    {
      meaning: 'Who is told of what happens in the ring.',
      notYet: true,
    },
  ),
}
