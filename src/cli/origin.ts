/** Where the remote `origin` leads, never with the user or the password that may stand in its address. */
export interface Origin {
  /** `github.com`, `127.0.0.1:3000` */
  readonly host: string
  readonly owner: string
  readonly name: string
  /** `https://github.com/owner/name`: what the Action writes into an artifact as its source. */
  readonly url: string
}

/** Reads the address of a remote; undefined when it has no owner and name, such as a path on this machine. */
export function readOrigin(address: string): Origin | undefined {
  const [, short, path] = /^(?:[^@/:]+@)?([^/:@]+):(?!\/)(.+)$/.exec(address) ?? []
  if (short !== undefined && path !== undefined) return fromParts({ protocol: 'https:', host: short, path })
  const url = URL.parse(address)
  if (url === null || !/^(?:https?|ssh|git):$/.test(url.protocol)) return undefined
  const isWeb = /^https?:$/.test(url.protocol)
  // The port of ssh is not that of the web pages.
  const host = isWeb ? url.host : url.hostname
  return fromParts({ protocol: isWeb ? url.protocol : 'https:', host, path: url.pathname })
}

function fromParts(parts: { protocol: string; host: string; path: string }): Origin | undefined {
  const [, owner, name] = /^\/?([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(parts.path) ?? []
  if (owner === undefined || name === undefined) return undefined
  // GitHub takes ssh under this name where a firewall closes its port.
  const host = parts.host === 'ssh.github.com' ? 'github.com' : parts.host
  return { host, owner, name, url: `${parts.protocol}//${host}/${owner}/${name}` }
}

/** The root of the API of the server that `origin` is on: `GITHUB_API_URL`, else by the rules of GitHub's own products. */
export function apiUrlOf(origin: Origin, environment: Readonly<Record<string, string | undefined>>): string {
  const configured = environment['GITHUB_API_URL']
  if (configured !== undefined && configured !== '') return configured.replace(/\/$/, '')
  if (origin.host === 'github.com') return 'https://api.github.com'
  if (origin.host.endsWith('.ghe.com')) return `https://api.${origin.host}`
  return `${new URL(origin.url).origin}/api/v3`
}
