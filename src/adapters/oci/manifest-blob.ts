import { z } from 'zod'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { type Json, type Manifest, manifestMediaType } from '../../domain/manifest.ts'
import { isSha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import { brokenContents } from './artifact-rules.ts'
import { manifestRefused } from './store-errors.ts'
import { digestOf } from './verified-bytes.ts'

/** Bytes. A hundred thousand files fit. */
export const manifestBlobLimit = 64 * 1024 * 1024

/** The configuration blob of an artifact: its bytes are canonical, so that equal content has an equal digest. */
export function encodeManifest(manifest: Manifest): { readonly blob: Descriptor; readonly bytes: Uint8Array } {
  const bytes = new TextEncoder().encode(canonicalJson(manifest))
  return { blob: { mediaType: manifestMediaType, digest: digestOf(bytes), size: bytes.byteLength }, bytes }
}

const digest = z.string().refine(isSha256Digest, 'expected sha256: and 64 hexadecimal digits')
const json: z.ZodType<Json> = z.json()
const schema = z.union([z.boolean(), z.record(z.string(), json)])
const layer = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const strings = z.array(z.string())

const reference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('local'), component: z.string() }),
  z.strictObject({
    kind: z.literal('published'),
    solution: z.string(),
    component: z.string(),
    version: z.string(),
    digest,
  }),
])

const graph = z.strictObject({
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      component: z.string().optional(),
      inputs: z.record(z.string(), z.string()),
      outputs: z.record(z.string(), z.string()),
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
})

const component = z.strictObject({
  name: z.string(),
  kind: z.string(),
  start: z.string().optional(),
  exec: z.string().optional(),
  path: z.string().optional(),
  input: schema.optional(),
  output: schema.optional(),
  uses: z.array(reference),
  tools: strings,
  connectors: strings,
  secrets: strings,
  timeoutMs: z.number().optional(),
  graph: graph.optional(),
})

const size = z.int().nonnegative()

const manifest = z.strictObject({
  schemaVersion: z.literal(1),
  solution: z.string(),
  components: z.array(component),
  files: z.array(
    z.strictObject({ path: z.string(), digest, size, executable: z.boolean(), component: z.string().optional() }),
  ),
  layers: z.array(z.strictObject({ component: z.string().optional(), digest, size })),
  config: z.strictObject({ repository: layer, solution: layer, rings: z.record(z.string(), layer) }),
  locks: z.array(z.strictObject({ path: z.string(), digest })),
  plan: z.strictObject({ order: strings }),
})

/**
 * Reads a configuration blob as strictly as it is written, and holds its file list to the rules of an artifact.
 *
 * @throws {RingwayError} `artifact_refused`, with `facts.rule`
 */
export function decodeManifest(named: {
  readonly location: string
  readonly reference: string
  readonly bytes: Uint8Array
}): Manifest {
  const { location, reference: name } = named
  const refuse = (rule: string, words: string) => manifestRefused({ location, reference: name, rule, words })
  const parsed = manifest.safeParse(parseJson(named.bytes))
  if (!parsed.success) throw refuse('manifest_format', `is no manifest: ${z.prettifyError(parsed.error)}`)
  const broken = brokenContents(parsed.data.files)
  if (broken !== undefined) throw refuse(broken.rule, broken.words)
  return parsed.data
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
