import * as z from 'zod'
import { choice, key } from './key.ts'
import { commandLine } from './texts.ts'

/** `rings.<name>.deploy` */
export const deploySchema = z.strictObject({
  target: key(choice(['command', 'host'], { notYet: ['host'] }), {
    meaning:
      'Where versions run: `command` hands the version to commands of yours; `host` lets Ringway run it on one machine.',
  }),
  run: key(commandLine.optional(), {
    meaning:
      'Places a version beside the one that runs; required for `command`. It runs inside the unpacked artifact with `RINGWAY_*` in its environment (see [the Action](action.md)).',
  }),
  activate: key(commandLine.optional(), {
    meaning: 'Sends traffic to the placed version, once every check has passed.',
    default: 'none: `run` does both',
  }),
  rollback: key(commandLine.optional(), {
    meaning: 'Brings back the version that ran before.',
    default: '`run`, with that version',
  }),
})
