import type { Manifest, ManifestComponent } from '../../src/domain/manifest.ts'

/** A component that needs nothing. */
export function componentOf(name: string, rest: Partial<ManifestComponent> = {}): ManifestComponent {
  return { name, kind: 'agent', uses: [], tools: [], connectors: [], secrets: [], ...rest }
}

/** A manifest that holds nothing but what is given. */
export function manifestOf(rest: Partial<Manifest> = {}): Manifest {
  const components = rest.components ?? []
  return {
    schemaVersion: 1,
    solution: 'support',
    components,
    files: [],
    layers: [],
    config: { repository: {}, solution: {}, rings: {} },
    locks: [],
    plan: { order: components.map(component => component.name) },
    ...rest,
  }
}
