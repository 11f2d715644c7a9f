import type { Json, JsonSchema } from '../manifest.ts'
import { isRecord, isSchema, own, type SchemaObject } from './read-schema.ts'

/** References may lead to references; a circle of them is no schema at all. */
const longestChain = 64

/** Follows the references of one document, to places in the same document. */
export class ReferenceReader {
  private readonly root: JsonSchema
  /** A part with its own `$id` is a document of its own, and `#` means something else inside it: then no reference is followed. */
  private readonly isOneDocument: boolean

  constructor(root: JsonSchema) {
    this.root = root
    this.isOneDocument = !isRecord(root) || !Object.values(root).some(holdsId)
  }

  /** The schema itself, or the one it leads to when it says nothing but a reference. */
  follow(schema: JsonSchema): JsonSchema {
    let found = schema
    for (let steps = 0; steps < longestChain; steps += 1) {
      if (typeof found === 'boolean' || Object.keys(found).some(keyword => keyword !== '$ref' && !says(keyword)))
        return found
      const [target] = this.target(found)
      if (target === undefined) return found
      found = target
    }
    return found
  }

  /** The schema that `$ref` leads to; none when there is no reference or it leads elsewhere. */
  target(schema: SchemaObject): readonly JsonSchema[] {
    const reference = own(schema, '$ref')
    if (typeof reference !== 'string' || !reference.startsWith('#') || !this.isOneDocument) return []
    const found = this.at(reference.slice(1))
    return isSchema(found) ? [found] : []
  }

  /** @param pointer - an RFC 6901 pointer, percent-encoded as it stands in a URI's fragment */
  private at(pointer: string): Json | undefined {
    if (pointer === '') return this.root
    if (!pointer.startsWith('/')) return undefined
    let found: Json | undefined = this.root
    for (const step of pointer.slice(1).split('/')) {
      const key = decoded(step)
      if (key === undefined) return undefined
      if (Array.isArray(found)) found = /^(?:0|[1-9][0-9]*)$/.test(key) ? found[Number(key)] : undefined
      else found = isRecord(found) ? own(found, key) : undefined
    }
    return found
  }
}

/** Whether a keyword beside `$ref` says nothing about values. */
function says(keyword: string): boolean {
  return /^(?:title|description|\$comment|\$defs|definitions|default|examples|deprecated)$/.test(keyword)
}

function decoded(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}

function holdsId(value: Json): boolean {
  if (Array.isArray(value)) return value.some(holdsId)
  if (!isRecord(value)) return false
  return typeof own(value, '$id') === 'string' || Object.values(value).some(holdsId)
}
