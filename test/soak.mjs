// `npm run soak -- [minutes]`: the searches of test/faults with one seed after the other, for ten minutes or as long as is said. It ends by itself; a
// failure ends it at once, with the line that brings it back.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { dirname, join } from 'node:path'
import { argv, env, exit } from 'node:process'
import { ensureInstalled, findNode } from '../src/cli/launch.mjs'
import { ensureTools } from './tools.mjs'

const minutes = Number(argv[2] ?? 10)
if (!(minutes > 0)) {
  console.error(`npm run soak -- takes minutes, not ${argv[2]}.`)
  exit(1)
}
ensureInstalled({ dev: true })
ensureTools()

const root = join(import.meta.dirname, '..')
const node = findNode()
const end = Date.now() + minutes * 60_000

/** Runs one file of tests. Ends the soak when it fails. */
function soak(file, variables) {
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--testTimeout=600000',
    file,
  ]
  const PATH = `${dirname(node)}:${env.PATH ?? ''}`
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit', env: { ...env, PATH, ...variables } })
  if (status === 0) return
  const seed = variables.RINGWAY_SEED
  console.error(
    seed === undefined
      ? `Its error names the seed: RINGWAY_SEED=… npm test -- ${file}`
      : `Again: RINGWAY_SEED=${seed} npm test -- ${file}`,
  )
  exit(1)
}

for (let round = 1; Date.now() < end; round += 1) {
  const seed = String(randomInt(2 ** 31))
  console.error(`Soak, round ${round}: ${Math.ceil((end - Date.now()) / 60_000)} min left.`)
  for (const file of ['test/faults/app-model.test.ts', 'test/faults/app-races.test.ts']) {
    soak(file, { RINGWAY_SOAK: String(Math.min(5, minutes / 4)) })
  }
  if (Date.now() < end) {
    console.error(`RINGWAY_SEED=${seed}`)
    soak('test/faults/app-outages.test.ts', { RINGWAY_SEED: seed })
  }
}
console.error('Nothing was found.')
