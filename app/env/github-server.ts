import type { GithubServer } from './settings.ts'

/**
 * The server that an API URL belongs to: github.com, a tenant of GitHub Enterprise Cloud with data residency
 * (`https://api.TENANT.ghe.com`), or a GitHub Enterprise Server (`https://HOST/api/v3`), whose form a sandbox has as well.
 *
 * Source of the issuers: https://docs.github.com/actions/reference/security/oidc
 *
 * @returns undefined when `apiUrl` has none of these forms
 */
export function githubServerOf(apiUrl: string): GithubServer | undefined {
  const url = plainUrl(apiUrl)
  if (url === undefined) return undefined
  const path = url.pathname.replace(/\/$/, '')
  if (path === '/api/v3') {
    return {
      apiUrl: url.origin + path,
      serverUrl: url.origin,
      hasQuotas: false,
      oidcIssuer: `${url.origin}/_services/token`,
    }
  }
  const [, domain] = /^api\.(github\.com|[a-z0-9-]+\.ghe\.com)$/.exec(url.host) ?? []
  if (path !== '' || domain === undefined || url.protocol !== 'https:') return undefined
  return {
    apiUrl: url.origin,
    serverUrl: `https://${domain}`,
    hasQuotas: true,
    oidcIssuer:
      domain === 'github.com' ? 'https://token.actions.githubusercontent.com' : `https://token.actions.${domain}`,
  }
}

/** An http or https URL that holds no credentials, question or fragment; undefined when `text` is something else. */
export function plainUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:'
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  return isHttp && isPlain ? url : undefined
}
