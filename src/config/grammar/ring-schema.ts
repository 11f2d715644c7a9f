import * as z from 'zod'
import { checkSchema } from './check-schema.ts'
import { deploySchema } from './deploy-schema.ts'
import { gatesSchema } from './gates-schema.ts'
import { choice, key, listOf } from './key.ts'
import { peopleKeys } from './people-schema.ts'
import { guardKeys, rolloutSchema } from './rollout-schema.ts'
import { configName, configValue, duration, environmentName, name } from './texts.ts'

/** A map of configuration values. */
export const configSchema = z.record(configName, configValue).default({})

/** `solutions.<name>.rings.<name>` */
export const ringSchema = z.strictObject({
  after: key(name.optional(), {
    meaning: 'The ring that a version must have been healthy in before.',
    default: 'none: a first ring',
  }),
  'deploy-on': key(choice(['push', 'nothing']).default('nothing'), {
    meaning: 'Whether a push to the default branch deploys here by itself; for first rings.',
  }),
  promote: key(choice(['manual', 'auto']).default('manual'), {
    meaning: 'Whether a version that became active in the ring before moves on into this one by itself.',
  }),
  accepts: key(choice(['versions', 'drafts']).default('versions'), {
    meaning: '`versions`: published versions only; `drafts`: builds of pull requests too.',
  }),
  environment: key(environmentName.optional(), {
    meaning: 'The GitHub Environment that the ring uses. No two rings use the same.',
    default: 'the name of the ring; with several solutions `<solution>-<ring>`',
  }),
  config: key(configSchema, {
    meaning: 'Environment variables and feature flags of this ring; they win over those of the solution.',
  }),
  deploy: key(deploySchema.optional(), {
    meaning: 'How a version is placed.',
    default: 'as in the ring that `after` names',
  }),
  checks: key(listOf(checkSchema), {
    meaning: 'What is verified of a deployment before it becomes active, in this order.',
    default: 'nothing',
  }),
  gates: key(gatesSchema.prefault({}), {
    meaning: 'The rules that a promotion into the ring must satisfy.',
    default: 'none',
  }),
  rollout: key(rolloutSchema.prefault({}), { meaning: 'How traffic moves to a new version.', default: 'all at once' }),
  'max-duration': key(duration.prefault('30m'), {
    meaning: 'How long placing a version may take.',
    unit: 'ms, s, m, h, d',
  }),
  ...peopleKeys,
  ...guardKeys,
})
