#!/usr/bin/env node
// The `ringway` command: the launcher finds Node 24, main.ts does the work.
import { argv } from 'node:process'
import { ensureInstalled, run } from './launch.mjs'

ensureInstalled({ dev: false })
run({ entry: 'src/cli/main.ts', args: argv.slice(2) })
