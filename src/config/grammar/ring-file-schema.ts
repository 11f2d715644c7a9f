import * as z from 'zod'
import { choice, key } from './key.ts'
import { configSchema } from './ring-schema.ts'
import { text } from './scalar.ts'
import { solutionSchema } from './solution-schema.ts'
import { name } from './texts.ts'

const version = key(z.literal(1), { meaning: 'The version of this grammar.' })

const verb = choice([
  'promote',
  'rollback',
  'approve',
  'reject',
  'pause',
  'resume',
  'undeploy',
  'archive',
  'lock',
  'unlock',
  'unquarantine',
  'run',
  'status',
  'diff',
  'retry',
  'help',
])

const workflowFile = text(
  { type: 'the name of a file in `.github/workflows`', example: 'ringway.yml' },
  /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\.ya?ml$/,
)

/** The ring file as it is written. Its types, the published JSON Schema and `docs/ring-file.md` all come from here. */
export const ringFileSchema = z.strictObject({
  version,
  workflow: key(workflowFile.default('ringway.yml'), { meaning: 'The workflow file that is dispatched.' }),
  config: key(configSchema, {
    meaning:
      "Environment variables and feature flags of the repository; they win over those of the organisation's `.github` repository.",
  }),
  solutions: key(z.record(name, solutionSchema), { meaning: 'What is deployed, by name; at least one.' }),
  slots: key(z.int().min(1).max(100).default(4), {
    meaning: 'How many deployments of the repository may go on at once.',
    unit: 'deployments',
    notYet: true,
  }),
  commands: key(z.partialRecord(verb, name).optional(), {
    meaning: 'Other words for the commands in comments, as `promote: ship`.',
    notYet: true,
  }),
})

/** The ring file of an organisation's `.github` repository: configuration for all its repositories, and nothing else. */
export const organisationFileSchema = z.strictObject({
  version,
  config: key(configSchema, {
    meaning: 'Environment variables and feature flags of every repository of the organisation.',
  }),
})

/** A ring file that has no problems, with defaults filled in. */
export type RingFileText = z.output<typeof ringFileSchema>
