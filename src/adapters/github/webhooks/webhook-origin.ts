import * as z from 'zod'
import { account } from '../payload-parts.ts'

/** What every webhook of a repository says beside its own subject. */
export const originShape = {
  /** The installation that is told; every webhook of an App has one. */
  installation: z.object({ id: z.number() }).nullish(),
  repository: z.object({
    id: z.number(),
    name: z.string(),
    owner: z.object({ login: z.string(), id: z.number() }),
    default_branch: z.string(),
  }),
  sender: account,
}

/** Where something happened, and who did it. */
export interface WebhookOrigin {
  /** The installation's id. */
  readonly tenant: number | undefined
  readonly repository: {
    readonly id: number
    readonly owner: string
    readonly name: string
    readonly defaultBranch: string
  }
  readonly sender: z.output<typeof account>
}

/** Reads the origin out of a payload that has its shape. */
export function originOf(payload: {
  readonly installation?: { readonly id: number } | null | undefined
  readonly repository: z.output<typeof originShape.repository>
  readonly sender: z.output<typeof account>
}): WebhookOrigin {
  const { id, name, owner, default_branch } = payload.repository
  return {
    tenant: payload.installation?.id,
    repository: { id, owner: owner.login, name, defaultBranch: default_branch },
    sender: payload.sender,
  }
}
