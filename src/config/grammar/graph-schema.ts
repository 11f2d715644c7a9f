import * as z from 'zod'
import { edgePattern, readEdge } from '../notation/edge-notation.ts'
import { key, listOf } from './key.ts'
import { notation, text } from './scalar.ts'
import { name } from './texts.ts'

const portName = text(
  { type: 'a name of letters, digits, `_` and `-`, beginning with a letter', example: 'amount' },
  /^[A-Za-z][A-Za-z0-9_-]{0,99}$/,
)

const portType = text(
  { type: 'a type: one word, with `[]` for a list and `?` where the value may be missing', example: 'text?' },
  /^[A-Za-z][A-Za-z0-9_.-]{0,99}(?:\[\])*\??$/,
)

const edge = notation(
  { type: 'a connection `<node>.<output> -> <node>.<input>`', example: 'request.reason -> check.reason' },
  { pattern: edgePattern, read: readEdge },
)

const ports = z.record(portName, portType).default({})

const nodeSchema = z.strictObject({
  id: key(name, { meaning: 'Its name inside the graph.' }),
  component: key(name.optional(), {
    meaning: 'The component that it calls, one of those under `uses`.',
    default: 'none: the component itself does it',
  }),
  inputs: key(ports, { meaning: 'Its input ports: name and type. A type that ends in `?` need not be connected.' }),
  outputs: key(ports, { meaning: 'Its output ports: name and type.' }),
})

/** A graph file as it is written. */
export const graphSchema = z.strictObject({
  nodes: key(z.array(nodeSchema).min(1).max(1_000), { meaning: 'The steps; at least one.' }),
  edges: key(listOf(edge), {
    meaning: 'The connections, each from an output to an input: `request.reason -> check.reason`.',
  }),
})
