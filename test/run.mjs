// `npm test`: installs what the tests need, then runs them all on Node 24.
import { argv } from 'node:process'
import { ensureInstalled, run } from '../src/cli/launch.mjs'
import { ensureTools } from './tools.mjs'

ensureInstalled({ dev: true })
ensureTools()
run({ entry: 'node_modules/vitest/vitest.mjs', args: ['run', '--config', 'test/vitest.config.ts', ...argv.slice(2)] })
