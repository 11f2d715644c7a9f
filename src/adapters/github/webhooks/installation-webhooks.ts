import * as z from 'zod'
import { installationPayload } from '../app-payloads.ts'
import { account } from '../payload-parts.ts'
import { originOf, originShape } from './webhook-origin.ts'

const coveredRepositories = z
  .array(z.object({ id: z.number(), full_name: z.string(), private: z.boolean() }))
  .default([])
  .transform(all => all.map(each => ({ id: each.id, fullName: each.full_name, isPrivate: each.private })))

/** `installation`: the App was installed, removed, suspended, or granted more. */
export const installationWebhook = z
  .object({
    action: z.string(),
    installation: installationPayload,
    repositories: coveredRepositories,
    sender: account,
  })
  .transform(({ action, installation, repositories, sender }) => ({
    action,
    tenant: installation.id,
    account: { login: installation.account.login, id: installation.account.id },
    suspended: typeof installation.suspended_at === 'string',
    permissions: installation.permissions,
    repositories,
    sender,
  }))

/** `installation_repositories`: it covers other repositories from now on. */
export const installationRepositoriesWebhook = z
  .object({
    action: z.string(),
    installation: z.object({ id: z.number() }),
    repositories_added: coveredRepositories,
    repositories_removed: coveredRepositories,
    sender: account,
  })
  .transform(({ action, installation, repositories_added, repositories_removed, sender }) => ({
    action,
    tenant: installation.id,
    added: repositories_added,
    removed: repositories_removed,
    sender,
  }))

const loginBefore = z.object({ login: z.string() }).nullish()

/** `repository`: renamed, transferred, archived, deleted … */
export const repositoryWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    changes: z
      .object({
        repository: z.object({ name: z.object({ from: z.string() }).optional() }).optional(),
        owner: z.object({ from: z.object({ user: loginBefore, organization: loginBefore }) }).optional(),
      })
      .optional(),
  })
  .transform(({ action, changes, ...origin }) => ({
    ...originOf(origin),
    action,
    /** What it was called before, where that changed. */
    nameBefore: changes?.repository?.name?.from,
    /** Whose it was before, where that changed. */
    ownerBefore: changes?.owner?.from.organization?.login ?? changes?.owner?.from.user?.login,
  }))

/** `member`: somebody became a collaborator, is none any more, or has another role. */
export const memberWebhook = z
  .object({ ...originShape, action: z.string(), member: account })
  .transform(({ action, member, ...origin }) => ({ ...originOf(origin), action, member }))

/** `membership`: somebody joined or left a team. */
export const membershipWebhook = z
  .object({
    action: z.string(),
    installation: z.object({ id: z.number() }).nullish(),
    organization: z.object({ login: z.string(), id: z.number() }),
    // Of a team that was deleted GitHub tells less.
    team: z.object({ id: z.number(), slug: z.string().optional() }),
    member: account,
    sender: account,
  })
  .transform(({ action, installation, organization, team, member, sender }) => ({
    action,
    tenant: installation?.id,
    organisation: { login: organization.login, id: organization.id },
    team: { id: team.id, slug: team.slug },
    member,
    sender,
  }))
