import type { ConfigLayer, ConfigValue } from '../configuration.ts'
import type { Manifest, ManifestComponent } from '../manifest.ts'
import { type ComponentChange, componentDifference } from './component-difference.ts'
import { isSame, type NamedChange, namedChanges } from './named-changes.ts'

/** What happened to a component. */
export type ComponentDifference =
  | { readonly kind: 'added' | 'removed'; readonly component: ManifestComponent }
  | { readonly kind: 'changed'; readonly name: string; readonly changes: readonly ComponentChange[] }

/** A value of one configuration layer that differs. */
export interface LayerChange extends NamedChange<ConfigValue> {
  /** `repository`, `solution`, or `ring <name>` */
  readonly layer: string
}

/** What differs between two manifests. */
export interface ManifestDifference {
  /** Sorted by name. */
  readonly components: readonly ComponentDifference[]
  readonly files: { readonly added: number; readonly removed: number; readonly changed: number }
  readonly config: readonly LayerChange[]
  /** Dependency lock files, by path. */
  readonly locks: readonly NamedChange<unknown>[]
}

/** The structural difference of two manifests: what a person wants to know before one replaces the other. */
export function manifestDifference(before: Manifest, after: Manifest): ManifestDifference {
  const files = namedChanges({ before: before.files, after: after.files }, file => file.path)
  const added = files.filter(file => file.before === undefined).length
  const removed = files.filter(file => file.after === undefined).length
  return {
    components: components(before, after),
    files: { added, removed, changed: files.length - added - removed },
    config: configuration(before, after),
    locks: namedChanges({ before: before.locks, after: after.locks }, lock => lock.path),
  }
}

/** Whether nothing differs. */
export function isEmpty({ components: parts, files, config, locks }: ManifestDifference): boolean {
  const count = parts.length + config.length + locks.length + files.added + files.removed + files.changed
  return count === 0
}

function components(before: Manifest, after: Manifest): readonly ComponentDifference[] {
  const [was, is] = [byName(before), byName(after)]
  return [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap((name): readonly ComponentDifference[] => {
    const [old, now] = [was.get(name), is.get(name)]
    if (old === undefined) return now === undefined ? [] : [{ kind: 'added', component: now }]
    if (now === undefined) return [{ kind: 'removed', component: old }]
    const changes = [...componentDifference(old, now), ...ownFiles(name, before, after)]
    return changes.length === 0 ? [] : [{ kind: 'changed', name, changes }]
  })
}

/** A component's layer holds exactly the files of its own. */
function ownFiles(component: string, before: Manifest, after: Manifest): readonly ComponentChange[] {
  const layer = (manifest: Manifest): unknown =>
    manifest.layers.find(candidate => candidate.component === component)?.digest
  return isSame(layer(before), layer(after)) ? [] : [{ kind: 'files' }]
}

function configuration(before: Manifest, after: Manifest): readonly LayerChange[] {
  const layer = (name: string, was: ConfigLayer, is: ConfigLayer): readonly LayerChange[] => {
    const entries = { before: Object.entries(was), after: Object.entries(is) }
    return namedChanges(entries, ([key]) => key).map(change => ({
      layer: name,
      name: change.name,
      before: change.before?.[1],
      after: change.after?.[1],
    }))
  }
  const [was, is] = [new Map(Object.entries(before.config.rings)), new Map(Object.entries(after.config.rings))]
  const rings = [...new Set([...was.keys(), ...is.keys()])].toSorted()
  return [
    ...layer('repository', before.config.repository, after.config.repository),
    ...layer('solution', before.config.solution, after.config.solution),
    ...rings.flatMap(ring => layer(`ring ${ring}`, was.get(ring) ?? {}, is.get(ring) ?? {})),
  ]
}

function byName(manifest: Manifest): ReadonlyMap<string, ManifestComponent> {
  return new Map(manifest.components.map(component => [component.name, component]))
}
