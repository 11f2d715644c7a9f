// Builds dist/action: the Action as GitHub runs it, without node_modules. `--check` builds elsewhere and compares.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, exit } from 'node:process'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const committed = join(root, 'dist', 'action')

async function build(directory: string): Promise<void> {
  const bundle = await rolldown({
    cwd: root,
    // Threads begin with a file of their own.
    input: { main: 'action/main.ts', post: 'action/post.ts', 'reading-thread': 'src/adapters/fs/reading-thread.ts' },
    platform: 'node',
    // These packages say nothing of themselves, and half of the bundle would be parts of them that nothing calls.
    treeshake: {
      moduleSideEffects: id => !/node_modules.(@actions.(core|http-client|exec|io)|undici|tunnel)./.test(id),
    },
  })
  await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    cleanDir: true,
    codeSplitting: {
      groups: [
        // What runs before GitHub is asked: every further file would be one more to find and to open first.
        { name: 'start', tags: ['$initial'], test: isOfBothSteps, priority: 2 },
        { name: 'shared', test: /[\\/]src[\\/](?:domain|engine|text)[\\/]/, minShareCount: 2, priority: 1 },
      ],
    },
    // Names stay, so that a stack trace can be read and the bundle compared with its source.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  })
  await bundle.close()
}

/** An entry runs when it is loaded, so each stays by itself; and the thread that reads files has no part in the start. */
function isOfBothSteps(id: string): boolean {
  return !/[\\/](?:action[\\/](?:main|post)|adapters[\\/]fs[\\/].*|domain[\\/]secret-.*)\.ts$/.test(id)
}

function files(directory: string): Map<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))
  return new Map(names.toSorted().map(name => [name, readFileSync(join(directory, name), 'utf8')]))
}

if (argv.includes('--check')) {
  const fresh = mkdtempSync(join(tmpdir(), 'ringway-dist-'))
  await build(fresh)
  const [wanted, have] = [files(fresh), files(committed)]
  const different = [...new Set([...wanted.keys(), ...have.keys()])].filter(name => wanted.get(name) !== have.get(name))
  rmSync(fresh, { recursive: true })
  if (different.length > 0) {
    console.error(`dist/action is not what its source builds: ${different.join(', ')}.`)
    console.error('Run `npm run build` and commit dist/action.')
    exit(1)
  }
  console.log(`dist/action is what its source builds (${wanted.size} files).`)
} else {
  await build(committed)
  for (const [name, text] of files(committed)) console.log(`dist/action/${name}  ${Math.ceil(text.length / 1000)} kB`)
}
