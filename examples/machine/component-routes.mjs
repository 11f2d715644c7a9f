import { Refusal } from './refusal.mjs'

/** Where a component answers: below its path. Without one, a process has everything and a code block its name. */
export const pathOf = ({ name, path, start }) => path ?? (start === undefined ? `/${name}` : '/')

/** The components that can be asked something: the others are files that these use. */
export const dispatchable = components =>
  components.filter(({ start, exec }) => start !== undefined || exec !== undefined)

/**
 * The components of a manifest, each after those that it uses.
 * @throws {Refusal} when two of them answer at one path
 */
export function orderedComponents(manifest) {
  const position = new Map(manifest.plan.order.map((name, index) => [name, index]))
  const last = position.size
  const ordered = manifest.components.toSorted(
    (one, other) => (position.get(one.name) ?? last) - (position.get(other.name) ?? last),
  )
  const taken = new Map()
  for (const component of dispatchable(ordered)) {
    const path = pathOf(component)
    const other = taken.get(path)
    if (other !== undefined) {
      const message = `Components ${other} and ${component.name} both answer at ${path}.`
      throw new Refusal({ status: 400, code: 'path_taken', message, remedy: 'Give one of them another path.' })
    }
    taken.set(path, component.name)
  }
  return ordered
}

/** The component with the longest path that a request's path stands below. */
export function routeTo(components, url) {
  const path = url.split('?', 1)[0]
  return dispatchable(components)
    .filter(component => isBelow(path, pathOf(component)))
    .toSorted((one, other) => pathOf(other).length - pathOf(one).length)[0]
}

function isBelow(path, prefix) {
  const trimmed = prefix.replace(/\/+$/, '')
  return path === trimmed || path.startsWith(`${trimmed}/`)
}
