// `npm run check`: everything that can be said without running the tests. Each step is a whole command that a person can type.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { env, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled, findNode } from '../src/cli/launch.mjs'

ensureInstalled({ dev: true })
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node = findNode()
// A directory that has nothing in it yet is in no clone.
const present = names => names.filter(name => existsSync(join(root, name)))
const code = present(['action', 'app', 'src', 'test', 'bench', '.ci'])

/** @type {readonly (readonly [string, string, readonly string[]])[]} */
const steps = [
  ['format', 'biome', ['check', '--error-on-warnings', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings', ...code]],
  ['types', 'tsc', ['-p', '.']],
  ['imports', 'depcruise', ['--config', '.dependency-cruiser.mjs', ...present(['src', 'action', 'app'])]],
  ['unused', 'knip', ['--config', '.knip.json']],
  ['generated docs', 'node', ['.ci/docs.ts', '--check']],
  ['dist/action', 'node', ['.ci/build.ts', '--check']],
]

let passed = 0
for (const [name, program, args] of steps) {
  const command = program === 'node' ? node : join(root, 'node_modules', '.bin', program)
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, PATH: `${dirname(node)}:${env.PATH ?? ''}`, NO_COLOR: '1' },
  })
  if (done.status === 0) {
    passed += 1
    console.log(`ok    ${name}`)
    continue
  }
  console.log(`FAIL  ${name}: ${program} ${args.join(' ')}`)
  console.log((done.stdout ?? '') + (done.stderr ?? '') + (done.error?.message ?? ''))
}
console.log(`${passed} of ${steps.length} checks passed.`)
exit(passed === steps.length ? 0 : 1)
