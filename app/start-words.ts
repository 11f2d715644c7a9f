import type { Settings } from './env/settings.ts'

/** What the App says when it has started: where it is, and what it works with. */
export function startWords(settings: Settings, running: { readonly url: string; readonly who: string }): string {
  const { github, store, databaseUrl, dataDirectory, url = running.url } = settings
  const lines: readonly (readonly [string, string])[] = [
    ['listens on', running.url],
    ['webhooks', `${url}/webhooks`],
    ['GitHub', `${github.serverUrl} ${running.who}`],
    ['database', databaseUrl === undefined ? `its own, in ${dataDirectory}` : withoutPassword(databaseUrl)],
    ['artifacts', store?.template ?? 'cannot be read: RINGWAY_STORE is not set'],
  ]
  return ['Ringway', ...lines.map(([name, value]) => `  ${name.padEnd(11)} ${value}`)].join('\n')
}

/** What the App says when nobody has registered it on GitHub yet. */
export function firstWords(address: string): string {
  return ['Ringway', '  belongs to no GitHub App yet. Open this address to register one:', '', `  ${address}`].join(
    '\n',
  )
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  url.password = ''
  url.searchParams.delete('password')
  return url.href
}
