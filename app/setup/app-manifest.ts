import { appEvents, appPermissions } from '../../src/domain/app-needs.ts'

/** What a manifest is made for. */
export interface ManifestRequest {
  /** As GitHub shows it; nobody else on that server may have it. At most 34 characters; who registers the App may change it there. */
  readonly name: string
  /** Where GitHub reaches the App, without a slash at its end. */
  readonly url: string
}

/**
 * The manifest from which GitHub registers the App: what it may, what it hears, and where.
 *
 * Source: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export function appManifest({ name, url }: ManifestRequest): object {
  return {
    name: name.slice(0, 34),
    description: 'Ring-based deployments: gates, promotions, rollbacks.',
    url,
    hook_attributes: { url: `${url}/webhooks`, active: true },
    redirect_url: `${url}/setup/callback`,
    // Nobody but the account that registers it can install it, until they say otherwise in its settings.
    public: false,
    default_permissions: Object.fromEntries(Object.entries(appPermissions).map(([key, { level }]) => [key, level])),
    default_events: Object.keys(appEvents),
  }
}

/** Where a manifest is posted to: registering for whoever is signed in, or for an organisation. */
export function registrationUrl(serverUrl: string, organisation: string | undefined): string {
  const account = organisation === undefined ? '' : `/organizations/${encodeURIComponent(organisation)}`
  return `${serverUrl}${account}/settings/apps/new`
}
