import * as z from 'zod'
import { choice, key, listOf } from './key.ts'
import { duration, person, plainName, timeZone, wallTime, weeklyWindow, words } from './texts.ts'

const approvalsSchema = z.strictObject({
  count: key(z.int().min(1).max(100).default(1), { meaning: 'How many people must say yes.', unit: 'people' }),
  from: key(listOf(person), {
    meaning: 'Who may: `team:<slug>` or a login.',
    default: 'whoever may approve in the ring',
  }),
  self: key(z.boolean().default(false), { meaning: 'Whether the yes of the one who asked counts.' }),
  authors: key(z.boolean().default(false), { meaning: "Whether the yes of the commits' authors counts." }),
  expiry: key(duration.prefault('7d'), { meaning: 'How long a yes holds.', unit: 'ms, s, m, h, d' }),
  'github-reviews': key(choice(['count', 'ignore']).default('count'), {
    meaning: 'Whether reviews of the GitHub Environment count as a yes.',
  }),
})

const freezeSchema = z.strictObject({
  from: key(wallTime, { meaning: 'The first day, or minute.' }),
  to: key(wallTime, { meaning: 'The last day, which still belongs to it; or the minute at which it ends.' }),
  timezone: key(timeZone.optional(), {
    meaning: 'The IANA zone of the two.',
    default: 'that of the first window under `allow`, else `UTC`',
  }),
  reason: key(words, { meaning: 'Why; shown to people.' }),
  except: key(choice(['hotfix']).optional(), { meaning: 'What passes all the same.' }),
})

const windowsSchema = z.strictObject({
  allow: key(z.union([weeklyWindow, z.array(weeklyWindow).min(1).max(100)]).optional(), {
    meaning: 'A weekly window or a list of them: `Mon-Thu 09:00-16:00 Europe/Berlin`.',
    default: 'always',
  }),
  freeze: key(listOf(freezeSchema), { meaning: 'Spans in which nothing is deployed.' }),
})

const labelsSchema = z.strictObject({
  require: key(listOf(plainName), { meaning: 'Labels that it must have, all of them.' }),
  forbid: key(listOf(plainName), { meaning: 'Labels that keep it out, any of them.' }),
})

/** What is asked of the pull request that a candidate belongs to. */
const pullRequestKeys = {
  review: key(choice(['none', 'required']).default('none'), {
    meaning: 'Whether a review on GitHub must have approved the pull request.',
  }),
  'up-to-date': key(choice(['none', 'required']).default('none'), {
    meaning: 'Whether the branch of an open pull request must hold everything that its base holds.',
  }),
  'draft-pull-requests': key(choice(['refuse', 'allow']).default('refuse'), {
    meaning: 'What becomes of a pull request that is not ready for review. One from a fork is always refused.',
  }),
  'verified-commits': key(choice(['none', 'required']).default('none'), {
    meaning: 'Whether GitHub must have verified the signature of each commit of the pull request.',
  }),
  labels: key(labelsSchema.prefault({}), { meaning: 'Labels that decide about the pull request.', default: 'none' }),
}

/** `rings.<name>.gates` */
export const gatesSchema = z.strictObject({
  approvals: key(approvalsSchema.optional(), { meaning: 'People who must say yes.', default: 'nobody need be asked' }),
  soak: key(duration.prefault('0s'), {
    meaning: 'How long a version must have been healthy in the ring before.',
    unit: 'ms, s, m, h, d',
  }),
  checks: key(z.union([choice(['none', 'required', 'all']), z.array(plainName).min(1).max(100)]).default('none'), {
    meaning:
      'Which checks of the commit must have passed on GitHub: `none`, those that branch protection requires, `all`, or a list of names.',
  }),
  'ignore-checks': key(listOf(plainName), { meaning: 'Checks that never count, whatever `checks` says.' }),
  windows: key(windowsSchema.optional(), { meaning: 'When the ring takes deployments.', default: 'always' }),
  ...pullRequestKeys,
  compatibility: key(choice(['warn', 'block']).default('warn'), {
    meaning: 'What becomes of a version that breaks callers of the one that runs: it is said, or it may not enter.',
  }),
  'rollback-ready': key(choice(['shown', 'required']).default('shown'), {
    meaning:
      'Whether a version may only enter while the one before it is proven to be restorable, or this is only shown.',
  }),
  budget: key(choice(['none', 'required'], { notYet: ['required'] }).default('none'), {
    meaning: 'Whether the ring must have a budget.',
  }),
})
