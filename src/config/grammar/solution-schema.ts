import * as z from 'zod'
import { componentSchema } from './component-schema.ts'
import { key, listOf } from './key.ts'
import { configSchema, ringSchema } from './ring-schema.ts'
import { commandLine, configName, glob, name, plainName, relativePath, secretName, words } from './texts.ts'

const evaluationSchema = z.strictObject({
  dataset: key(relativePath, { meaning: 'The cases, as JSON lines.' }),
  run: key(commandLine, { meaning: 'Runs them and writes the results to `$RINGWAY_RESULTS`.' }),
  'critical-tag': key(words.optional(), { meaning: 'The tag of cases that may never get worse.' }),
  repeats: key(z.int().min(1).max(100).default(1), { meaning: 'How often each case is run.', unit: 'times' }),
})

/** `solutions.<name>` */
export const solutionSchema = z.strictObject({
  path: key(relativePath.prefault('.'), {
    meaning: 'The directory whose files go into the artifact; `.` is the whole repository.',
  }),
  include: key(z.array(glob).min(1).max(1_000).default(['**']), { meaning: 'Which files below `path` go in.' }),
  exclude: key(listOf(glob), { meaning: 'Which of them stay out. `.git` and `.ringway` always do.' }),
  build: key(commandLine.optional(), { meaning: 'Runs in `path` before packing.', default: 'nothing' }),
  components: key(z.record(name, componentSchema), {
    meaning: 'What can be dispatched or used, by name; at least one.',
  }),
  config: key(configSchema, {
    meaning: 'Environment variables and feature flags of the solution; they win over those of the repository.',
  }),
  connectors: key(z.record(plainName, secretName).default({}), {
    meaning:
      'How it is known that a connector is connected: by its name, the secret or variable that a ring must have before a version that uses it may enter.',
  }),
  'required-config': key(listOf(configName), {
    meaning: 'Configuration values that every ring must have, from whatever layer, before a version may enter.',
  }),
  rings: key(z.record(name, ringSchema), { meaning: 'The stages that a version goes through, by name; at least one.' }),
  evaluation: key(evaluationSchema.optional(), { meaning: 'How the quality of answers is measured.', notYet: true }),
  order: key(listOf(name), {
    meaning: 'The order in which components start.',
    default: 'each after those that it uses',
    notYet: true,
  }),
})
