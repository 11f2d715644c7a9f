import * as z from 'zod'
import { instant } from './payload-parts.ts'

/** Checked decoders of what GitHub tells an App about itself: only the fields that are used. */

export const appPayload = z.object({ id: z.number(), slug: z.string() })

export const installationPayload = z.object({
  id: z.number(),
  account: z
    .object({ login: z.string(), id: z.number(), type: z.string() })
    // An enterprise has a slug and no type.
    .or(z.object({ slug: z.string(), id: z.number() }).transform(({ slug, id }) => ({ login: slug, id, type: '' }))),
  suspended_at: z.string().nullish(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
})

const repositoryNames = z.object({ id: z.number(), name: z.string(), owner: z.object({ login: z.string() }) })

export const tokenPayload = z.object({
  token: z.string(),
  repositories: z.array(repositoryNames).optional(),
})

export const installedRepositoriesPayload = z.object({
  repositories: z.array(
    z.object({
      id: z.number(),
      full_name: z.string(),
      default_branch: z.string(),
      private: z.boolean(),
      archived: z.boolean(),
      fork: z.boolean(),
    }),
  ),
})

export const hookDeliveriesPayload = z.array(
  z.object({
    id: z.number(),
    guid: z.string(),
    delivered_at: instant,
    redelivery: z.boolean(),
    status_code: z.number(),
    event: z.string(),
    action: z.string().nullish(),
    installation_id: z.number().nullish(),
    repository_id: z.number().nullish(),
  }),
)
