import * as z from 'zod'
import type { Json, Manifest } from '../../domain/manifest.ts'
import { isSha256Digest } from '../../domain/units.ts'

const digest = z.string().refine(isSha256Digest, 'expected sha256: and 64 hexadecimal digits')
const json: z.ZodType<Json> = z.json()
const schema = z.union([z.boolean(), z.record(z.string(), json)])
const texts = z.array(z.string())

/** A layer of configuration: environment variables and feature flags by name. */
export const configLayer = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const reference = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local'), component: z.string() }),
  z.object({ kind: z.literal('published'), solution: z.string(), component: z.string(), version: z.string(), digest }),
])

const node = z.object({
  id: z.string(),
  component: z.string().optional(),
  inputs: z.record(z.string(), z.string()),
  outputs: z.record(z.string(), z.string()),
})

const component = z.object({
  name: z.string(),
  kind: z.string(),
  start: z.string().optional(),
  exec: z.string().optional(),
  path: z.string().optional(),
  input: schema.optional(),
  output: schema.optional(),
  uses: z.array(reference),
  tools: texts,
  connectors: texts,
  secrets: texts,
  timeoutMs: z.number().optional(),
  graph: z.object({ nodes: z.array(node), edges: z.array(z.object({ from: z.string(), to: z.string() })) }).optional(),
})

/**
 * The manifest of an artifact without its list of files, spelled as in the artifact itself. What a later version of the Action adds to it is
 * passed over: nothing is deployed by this copy, the artifact is read again by whoever places it.
 */
export const manifestSummary = z.object({
  schemaVersion: z.literal(1),
  solution: z.string(),
  components: z.array(component),
  layers: z.array(z.object({ component: z.string().optional(), digest, size: z.int().nonnegative() })),
  config: z.object({ repository: configLayer, solution: configLayer, rings: z.record(z.string(), configLayer) }),
  locks: z.array(z.object({ path: z.string(), digest })),
  plan: z.object({ order: texts }),
}) satisfies z.ZodType<Omit<Manifest, 'files'>>
