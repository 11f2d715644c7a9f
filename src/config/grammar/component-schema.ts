import * as z from 'zod'
import { choice, key, listOf } from './key.ts'
import {
  commandLine,
  duration,
  glob,
  kind,
  memory,
  plainName,
  reference,
  relativePath,
  secretName,
  urlPath,
} from './texts.ts'
import { triggerSchema } from './trigger-schema.ts'

/** `solutions.<name>.components.<name>` */
export const componentSchema = z.strictObject({
  kind: key(kind, {
    meaning:
      'What it is: `agent`, `workflow`, `code`, `connector`, `model`, `config`, `service`, or a word of your own.',
  }),
  files: key(listOf(glob), {
    meaning:
      'The files, relative to `path` of the solution, that are packed into a layer of its own; a component that did not change is not uploaded again.',
    default: 'none: its files go into the shared layer',
  }),
  start: key(commandLine.optional(), {
    meaning: 'A process that speaks HTTP on `$PORT`. Either this or `exec`; neither for what does not run by itself.',
  }),
  exec: key(commandLine.optional(), { meaning: 'A process per run: JSON on its input, JSON on its output.' }),
  path: key(urlPath.optional(), {
    meaning: 'Where a component with `start` answers.',
    default: '`/`',
  }),
  input: key(relativePath.optional(), { meaning: 'The JSON Schema of its input, relative to `path` of the solution.' }),
  output: key(relativePath.optional(), {
    meaning: 'The JSON Schema of its output, relative to `path` of the solution.',
  }),
  uses: key(listOf(reference), {
    meaning:
      'The components that it calls: by name inside the solution, as `<solution>/<component>@v<number>` elsewhere. The build locks them.',
  }),
  tools: key(listOf(plainName), { meaning: 'Its tool registrations, listed in the manifest.' }),
  connectors: key(listOf(plainName), { meaning: 'What must be connected and authorised in the target ring.' }),
  secrets: key(listOf(secretName), {
    meaning: 'The names of the secrets that it reads. Values never stand in this file.',
  }),
  timeout: key(duration.optional(), { meaning: 'How long one run may take.', unit: 'ms, s, m, h, d' }),
  graph: key(relativePath.optional(), {
    meaning:
      'Its graph of nodes and edges (see [graphs](graphs.md)), relative to `path` of the solution: checked and planned at compile; the component itself executes it.',
  }),
  triggers: key(listOf(triggerSchema), { meaning: 'What starts its runs.', notYet: true }),
  isolation: key(choice(['process', 'container', 'machine']).default('process'), {
    meaning: 'How strongly its runs are kept apart from others.',
    notYet: true,
  }),
  resources: key(
    z
      .strictObject({
        memory: key(memory.optional(), { meaning: 'The most memory that it may use.', unit: 'MiB, GiB' }),
        cpus: key(z.number().positive().max(256).optional(), {
          meaning: 'The most processors that it may use.',
          unit: 'processors',
        }),
      })
      .optional(),
    { meaning: 'What one process of it may take.', notYet: true },
  ),
})
