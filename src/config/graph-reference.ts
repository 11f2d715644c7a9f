import { graphSchema } from './grammar/graph-schema.ts'
import { grammarKeys, keyTable } from './grammar-keys.ts'

/** The documentation of graph files, as Markdown: `docs/graphs.md`. */
export function graphReference(): string {
  const sections = Map.groupBy(grammarKeys(graphSchema), ({ parent }) => parent)
  const tables = [...sections].map(
    ([parent, keys]) => `## ${parent === '' ? 'The file' : `\`${parent}\``}\n\n${keyTable(keys, ({ key }) => key)}`,
  )
  return `${introduction}\n${tables.join('\n')}`
}

const introduction = `<!-- Generated from src/config/grammar by \`npm run docs\`. Do not edit. -->

# Graphs

A component that is a workflow may say how its steps hang together, in a file that \`graph\` of the [ring file](ring-file.md) names. Compile checks it
and puts its nodes in the order in which they can run; the plan stands in the manifest and in every difference of two versions. The component
itself executes it.

\`\`\`yaml
nodes:
  - id: request
    outputs: { amount: money, reason: text }
  - id: check-reason
    component: reasons
    inputs: { reason: text }
    outputs: { accepted: text, refused: text }
  - id: pay-back
    inputs: { amount: money, reason: text }
  - id: refuse
    inputs: { reason: text, details: "text?" }
edges:
  - request.reason -> check-reason.reason
  - request.amount -> pay-back.amount
  - check-reason.accepted -> pay-back.reason
  - check-reason.refused -> refuse.reason
\`\`\`

## What is checked

- Every edge leads from an output that exists to an input that exists, of the same type. Types are words of your own; \`any\` fits everything,
  \`[]\` makes a list, and a type that ends in \`?\` may be missing. What may be missing does not go into what is required.
- Every required input is connected. Several edges may lead to one input: that is how branches meet.
- Every node can be reached from one without inputs, and none waits for itself.
- A node with \`component\` calls a component that is declared and listed under \`uses\`. Where that component has schemas, the node gives what its
  input requires and nothing that it refuses, and promises nothing that its output does not have. \`text\`, \`number\`, \`boolean\`, \`object\`
  and lists are compared with the types of JSON; words of your own are not.
`
