import type { GraphEdge } from '../../domain/manifest.ts'
import type { Notation } from './notation.ts'

/** `request.reason -> check.reason` */
export const edgePattern = /^[a-z][a-z0-9-]*\.[A-Za-z][A-Za-z0-9_-]* ?-> ?[a-z][a-z0-9-]*\.[A-Za-z][A-Za-z0-9_-]*$/

/** Reads a connection from an output to an input. */
export function readEdge(text: string): Notation<GraphEdge> {
  const [from = '', to = ''] = text.split('->').map(end => end.trim())
  return { ok: true, value: { from, to } }
}
