import * as z from 'zod'
import { messagePlaceholders } from '../../domain/message-template.ts'
import { commandsSchema, messagesSchema } from './conversation-schema.ts'
import { key, listOf } from './key.ts'
import { configSchema } from './ring-schema.ts'
import { text } from './scalar.ts'
import { solutionSchema } from './solution-schema.ts'
import { name } from './texts.ts'

const version = key(z.literal(1), { meaning: 'The version of this grammar.' })

const workflowFile = text(
  { type: 'the name of a file in `.github/workflows`', example: 'ringway.yml' },
  /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\.ya?ml$/,
)

const placeholders = messagePlaceholders.map(name => `\`{{${name}}}\``).join(', ')

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
    meaning: 'How many deployments of the repository may go on at once; further ones are queued.',
    unit: 'deployments',
  }),
  commands: key(commandsSchema.prefault({}), {
    meaning: 'The words of the commands in comments, and how long a comment holds.',
    default: 'the usual words',
  }),
  'allow-bots': key(listOf(z.int().min(1).max(2_147_483_647)), {
    meaning: 'The ids of GitHub Apps whose comments may be commands. Other bots never command.',
  }),
  messages: key(messagesSchema.prefault({}), {
    meaning: `What the answer on a pull request says, in Markdown, with the placeholders ${placeholders}. It is filled in; nothing in it is run.`,
    default: "Ringway's own words",
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
