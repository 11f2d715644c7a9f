import type { Manifest, ManifestFile, ManifestLayer } from '../../domain/manifest.ts'
import type { PublishRequest, SourceFile } from '../../ports/artifacts.ts'

/** One layer that is to be made. */
export interface LayerPlan {
  /** Absent: the shared layer. */
  readonly component: string | undefined
  readonly files: readonly SourceFile[]
  /** Bytes of its files. */
  readonly bytes: number
}

/** A layer as it will stand in the manifest, with the files in it. */
export interface PlannedLayer {
  readonly layer: ManifestLayer
  readonly files: readonly ManifestFile[]
}

/** Shared files first, then the components by name; a component without files of its own has no layer. */
export function planLayers(files: readonly SourceFile[]): readonly LayerPlan[] {
  return [...Map.groupBy(files, file => file.component)]
    .map(([component, own]) => ({ component, files: own, bytes: own.reduce((sum, file) => sum + file.size, 0) }))
    .toSorted((a, b) => ((a.component ?? '') < (b.component ?? '') ? -1 : 1))
}

/**
 * The layer of an earlier artifact that holds exactly the planned files. Equal files make an equal tar, so that nothing has to be read
 * again to know it.
 */
export function findEqualLayer(plan: LayerPlan, earlier: Manifest): PlannedLayer | undefined {
  const layer = earlier.layers.find(one => one.component === plan.component)
  const files = earlier.files.filter(one => one.component === plan.component)
  if (layer === undefined || files.length !== plan.files.length) return undefined
  const planned = new Map(plan.files.map(file => [file.path, file]))
  const isEqual = files.every(file => {
    const other = planned.get(file.path)
    return other !== undefined && other.digest === file.digest && other.executable === file.executable
  })
  return isEqual ? { layer, files } : undefined
}

/** The whole manifest, once every layer is known. */
export function completeManifest(request: PublishRequest, layers: readonly PlannedLayer[]): Manifest {
  const files = layers.flatMap(one => one.files).toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const locks = new Set(request.locks)
  return {
    schemaVersion: 1,
    ...request.manifest,
    files,
    layers: layers.map(one => one.layer),
    locks: files.filter(file => locks.has(file.path)).map(({ path, digest }) => ({ path, digest })),
  }
}
