import { createPrivateKey, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { validationFailed } from './api/api-error.ts'
import type { Account } from './world/account.ts'
import type { RegisteredApp } from './world/github-app.ts'
import { grants, type Permissions } from './world/permission.ts'
import { registerApp } from './world/register-app.ts'
import type { World } from './world.ts'

/** Source: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export const appManifest = z.strictObject({
  name: z.string().min(1).max(34).optional(),
  url: z.url(),
  hook_attributes: z.strictObject({ url: z.url(), active: z.boolean().optional() }).optional(),
  redirect_url: z.url({ protocol: /^https?$/ }),
  callback_urls: z.array(z.url()).max(10).optional(),
  setup_url: z.url().optional(),
  setup_on_update: z.boolean().optional(),
  description: z.string().optional(),
  public: z.boolean().optional(),
  default_events: z.array(z.string()).default([]),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])).default({}),
  request_oauth_on_install: z.boolean().optional(),
})

export type AppManifest = z.infer<typeof appManifest>

/** Milliseconds. Source: the same. */
const CODE_LIFETIME = 3_600_000

/**
 * The permission without which an event cannot be subscribed to; what is not here needs none.
 *
 * Source: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
const PERMISSION_FOR: Readonly<Record<string, string>> = {
  check_run: 'checks',
  check_suite: 'checks',
  create: 'contents',
  delete: 'contents',
  deployment: 'deployments',
  deployment_protection_rule: 'deployments',
  deployment_review: 'deployments',
  deployment_status: 'deployments',
  issue_comment: 'issues',
  issues: 'issues',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  push: 'contents',
  release: 'contents',
  repository: 'metadata',
  status: 'statuses',
  workflow_job: 'actions',
  workflow_run: 'actions',
}

/** Registers the App that a manifest describes. @returns the code with which its secrets are fetched once */
export function registerFromManifest(
  world: World,
  { manifest, name, owner }: { manifest: AppManifest; name: string; owner: Account },
): string {
  const { default_permissions: permissions, default_events: events, hook_attributes: hook } = manifest
  refuseEvents(permissions, events)
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  if (slug === '' || [...world.apps.values()].some(app => app.slug === slug)) {
    throw validationFailed({ resource: 'Integration', field: 'name', code: 'already_exists' })
  }
  // GitHub makes them of 20 bytes.
  const webhookSecret = hook === undefined ? null : randomBytes(20).toString('hex')
  const { app, privateKey } = registerApp(world, {
    slug,
    name,
    owner,
    permissions: { ...permissions, metadata: 'read' },
    events,
    ...(hook === undefined || webhookSecret === null || hook.active === false
      ? {}
      : { webhook: { url: hook.url, secret: webhookSecret } }),
  })
  const code = randomBytes(20).toString('hex')
  world.registeredApps.set(code, {
    app,
    pem: createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }).toString(),
    clientSecret: randomBytes(20).toString('hex'),
    webhookSecret,
    expiresAt: new Date(world.now().getTime() + CODE_LIFETIME),
  })
  return code
}

/** @returns undefined when there is no such code, it was used, or it is too old */
export function takeRegisteredApp(world: World, code: string): RegisteredApp | undefined {
  const registered = world.registeredApps.get(code)
  world.registeredApps.delete(code)
  return registered !== undefined && registered.expiresAt > world.now() ? registered : undefined
}

function refuseEvents(permissions: Permissions, events: readonly string[]): void {
  const refused = events.filter(event => {
    // These come to every App unasked.
    if (event.startsWith('installation')) return true
    const key = PERMISSION_FOR[event]
    return key !== undefined && !grants(permissions, { [key]: 'read' })
  })
  if (refused.length === 0) return
  const message = `Default events unsupported: ${refused.join(', ')}`
  throw validationFailed({ resource: 'Integration', field: 'default_events', code: 'custom', message })
}
