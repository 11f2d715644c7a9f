import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '..', '..')
const depcruise = join(repository, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')

interface Cruise {
  readonly violations: readonly { readonly rule: string; readonly from: string }[]
  readonly modules: number
}

/** Runs the real checker over a tree, as `npm run check` does. */
async function cruise(root: string): Promise<Cruise> {
  // Tests may import whatever they like: the rules are about the product.
  const entries = ['src', 'action', 'app'].filter(entry => existsSync(join(root, entry)))
  const args = [depcruise, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...entries]
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }).catch(
    // It exits with the number of violations.
    (error: { stdout: string; stderr: string }) => (error.stdout === '' ? Promise.reject(error) : error),
  )
  const { summary } = JSON.parse(stdout)
  return {
    violations: summary.violations.map((found: { rule: { name: string }; from: string }) => ({
      rule: found.rule.name,
      from: found.from,
    })),
    modules: summary.totalCruised,
  }
}

/** A small tree in which every rule but one is kept; each file violates what its comment says. */
const planted: Readonly<Record<string, { readonly file: string; readonly imports: string }>> = {
  'domain-imports-only-domain': { file: 'src/domain/planted.ts', imports: 'node:fs' },
  'text-imports-only-domain': { file: 'src/text/planted.ts', imports: '../ports/port.ts' },
  'config-imports-domain-and-yaml': { file: 'src/config/planted.ts', imports: '../text/words.ts' },
  'ports-import-only-domain': { file: 'src/ports/planted.ts', imports: 'node:stream' },
  'engine-imports-ports-domain-text': { file: 'src/engine/planted.ts', imports: '../adapters/one/adapter.ts' },
  'adapters-do-not-know-engine-or-config': { file: 'src/adapters/one/planted.ts', imports: '../../engine/engine.ts' },
  'adapters-do-not-know-each-other': { file: 'src/adapters/one/planted.ts', imports: '../two/adapter.ts' },
  'entries-do-not-know-each-other': { file: 'app/planted.ts', imports: '../action/main.ts' },
  'src-does-not-import-entries': { file: 'src/engine/planted.ts', imports: '../../action/main.ts' },
  'action-has-no-database': { file: 'action/planted.ts', imports: '../src/adapters/postgres/adapter.ts' },
  'sandbox-knows-nothing-of-the-product': { file: 'src/sandbox/planted.ts', imports: '../domain/word.ts' },
  'only-the-command-line-starts-the-sandbox': { file: 'action/planted.ts', imports: '../src/sandbox/github.ts' },
  'product-does-not-import-tests': { file: 'src/cli/planted.ts', imports: '../../test/support.ts' },
  'no-cycle': { file: 'src/domain/planted.ts', imports: './planted-too.ts' },
  'no-orphan': { file: 'src/domain/planted.ts', imports: '' },
}

const innocent: Readonly<Record<string, string>> = {
  'src/domain/word.ts': '',
  'src/text/words.ts': "import '../domain/word.ts'",
  'src/ports/port.ts': "import '../domain/word.ts'",
  'src/engine/engine.ts': "import '../ports/port.ts'",
  'src/adapters/one/adapter.ts': "import '../../ports/port.ts'",
  'src/adapters/two/adapter.ts': "import '../../ports/port.ts'",
  'src/adapters/postgres/adapter.ts': "import '../../ports/port.ts'",
  'src/sandbox/github.ts': "import './world.ts'",
  'src/sandbox/world.ts': '',
  'action/main.ts': "import '../src/engine/engine.ts'",
  'test/support.ts': '',
}

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-imports-'))
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json'])
    await copyFile(join(repository, file), join(root, file))
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'))
  for (const directory of ['src', 'action', 'app', 'test']) await mkdir(join(root, directory), { recursive: true })
  for (const [path, text] of Object.entries(innocent)) await write(path, text)
})
afterAll(() => rm(root, { recursive: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), `${text}\nexport {}\n`)
}

describe('who may import whom', () => {
  it('is kept by the whole tree, and the checker reads all of it', async () => {
    const { violations, modules } = await cruise(repository)
    expect(violations).toEqual([])
    // A parser that cannot read TypeScript finds nothing to complain about: that must never look like success.
    expect(modules).toBeGreaterThan(300)
  })

  it('is kept by the innocent tree', async () => {
    const { violations, modules } = await cruise(root)
    expect(violations).toEqual([])
    expect(modules).toBe(Object.keys(innocent).filter(path => !path.startsWith('test/')).length)
  })

  it('has a planted violation for every rule', async () => {
    const rules = (await readFile(join(repository, '.dependency-cruiser.mjs'), 'utf8')).matchAll(/\bname: '([^']+)'/g)
    expect(Object.keys(planted).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      [...rules].map(([, name]) => String(name)).toSorted((a, b) => (a < b ? -1 : 1)),
    )
  })

  it.each(Object.entries(planted))('%s is seen', async (rule, { file, imports }) => {
    const copy = await mkdtemp(join(tmpdir(), 'ringway-planted-'))
    try {
      await cp(root, copy, { recursive: true, verbatimSymlinks: true })
      const text = imports === '' ? '' : `import '${imports}'`
      await mkdir(dirname(join(copy, file)), { recursive: true })
      await writeFile(join(copy, file), `${text}\nexport {}\n`)
      if (imports === './planted-too.ts') {
        await writeFile(join(copy, 'src/domain/planted-too.ts'), "import './planted.ts'\nexport {}\n")
      }
      const { violations } = await cruise(copy)
      expect(violations.map(found => found.rule)).toContain(rule)
      for (const { from } of violations) expect(from).toContain('planted')
    } finally {
      await rm(copy, { recursive: true })
    }
  })
})
