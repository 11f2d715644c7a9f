/** The names in braces of a route's path. */
export function placesOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].flatMap(match => match[1] ?? [])
}

/**
 * The path as Fastify's router writes it: `{name}` is `:name`, and a colon of the path itself is doubled. A place before such a colon ends there.
 *
 * Source: https://github.com/delvedor/find-my-way#supported-path-formats
 */
export function routerPath(path: string): string {
  return path
    .replaceAll(':', '::')
    .replaceAll(/\{(\w+)\}::/g, ':$1([^:/]+)::')
    .replaceAll(/\{(\w+)\}/g, ':$1')
}
