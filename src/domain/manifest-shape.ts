import type {
  CompilePlan,
  Graph,
  GraphEdge,
  GraphNode,
  Manifest,
  ManifestComponent,
  ManifestLayer,
  ManifestReference,
} from './manifest.ts'
import { isCount, isText, listOf, oneOf, optional, recordOf, type Shape } from './shape.ts'
import { isSha256Digest } from './units.ts'

/** A field that is added to the type and not here does not compile. */
type ShapeOf<T> = Readonly<Record<keyof T & string, Shape>>

const isDigest: Shape = value => typeof value === 'string' && isSha256Digest(value)
const isNumber: Shape = value => typeof value === 'number'
const isTexts = listOf(isText)

function mapOf(shape: Shape): Shape {
  return value =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(shape)
}

const isLayerValue: Shape = value => ['string', 'number', 'boolean'].includes(typeof value)
const isConfigLayer = mapOf(isLayerValue)
const isSchema: Shape = value => typeof value === 'boolean' || mapOf(() => true)(value)

const local: ShapeOf<Extract<ManifestReference, { kind: 'local' }>> = { kind: oneOf(['local']), component: isText }
const published: ShapeOf<Extract<ManifestReference, { kind: 'published' }>> = {
  kind: oneOf(['published']),
  solution: isText,
  component: isText,
  version: isText,
  digest: isDigest,
}
const isReference: Shape = value => recordOf(local)(value) || recordOf(published)(value)

const node: ShapeOf<GraphNode> = {
  id: isText,
  component: optional(isText),
  inputs: mapOf(isText),
  outputs: mapOf(isText),
}
const edge: ShapeOf<GraphEdge> = { from: isText, to: isText }
const graph: ShapeOf<Graph> = { nodes: listOf(recordOf(node)), edges: listOf(recordOf(edge)) }

const component: ShapeOf<ManifestComponent> = {
  name: isText,
  kind: isText,
  start: optional(isText),
  exec: optional(isText),
  path: optional(isText),
  input: optional(isSchema),
  output: optional(isSchema),
  uses: listOf(isReference),
  tools: isTexts,
  connectors: isTexts,
  secrets: isTexts,
  timeoutMs: optional(isNumber),
  graph: optional(recordOf(graph)),
}
const layer: ShapeOf<ManifestLayer> = { component: optional(isText), digest: isDigest, size: isCount }
const config: ShapeOf<Manifest['config']> = {
  repository: isConfigLayer,
  solution: isConfigLayer,
  rings: mapOf(isConfigLayer),
}
const plan: ShapeOf<CompilePlan> = { order: isTexts }

const summary: ShapeOf<Omit<Manifest, 'files'>> = {
  schemaVersion: oneOf([1]),
  solution: isText,
  components: listOf(recordOf(component)),
  layers: listOf(recordOf(layer)),
  config: recordOf(config),
  locks: listOf(recordOf({ path: isText, digest: isDigest })),
  plan: recordOf(plan),
}
const isSummary = recordOf(summary)

/** Whether a JSON value is a manifest without its list of files, as this version of Ringway understands it. */
export function isManifestSummary(value: unknown): value is Omit<Manifest, 'files'> {
  return isSummary(value)
}
