const namePattern = /^[a-z0-9][a-z0-9-]*$/

/**
 * Reads the table of links: name → URL. A URL that ends in `*` takes the rest of the path: with `issue`, `/issue/42` leads to …/issues/42.
 * @param {string} text JSON
 * @throws {Error} that names every link that is wrong
 */
export function readLinkTable(text) {
  const links = new Map(Object.entries(JSON.parse(text)))
  const problems = [...links].flatMap(([name, url]) => problemsOf(name, url))
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return links
}

function problemsOf(name, url) {
  const problems = []
  if (!namePattern.test(name)) problems.push(`${name}: a name has small letters, digits and dashes`)
  if (name === 'healthz') problems.push('healthz: this name is taken by the health check')
  if (!isWebAddress(url)) problems.push(`${name}: ${url} is no http or https URL`)
  return problems
}

/**
 * Where a path leads, or undefined.
 * @param {ReadonlyMap<string, string>} links
 * @param {string} path as `/issue/42`
 */
export function resolveLink(links, path) {
  const [, name = '', ...rest] = path.split('/')
  const url = links.get(name)
  if (url === undefined) return undefined
  if (url.endsWith('*')) return `${url.slice(0, -1)}${rest.join('/')}`
  // A link that takes no rest must not swallow one.
  return rest.length === 0 ? url : undefined
}

const isWebAddress = url => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
