// Writes what is generated below docs/ and elsewhere; `--check` fails when a file differs from what would be written.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv, exit } from 'node:process'
import { graphReference } from '../src/config/graph-reference.ts'
import { ringFileJsonSchema } from '../src/config/ring-file-json-schema.ts'
import { ringFileReference } from '../src/config/ring-file-reference.ts'
import { actionBlocks } from './docs/action-blocks.ts'
import { appBlocks } from './docs/app-blocks.ts'
import { artifactBlocks } from './docs/artifact-blocks.ts'
import { cliBlocks } from './docs/cli-blocks.ts'
import { commandBlocks } from './docs/command-blocks.ts'
import { findEvidence, readFeatures } from './docs/feature-evidence.ts'
import { featuresPage } from './docs/features-page.ts'
import { gateBlocks } from './docs/gate-blocks.ts'
import { fillBlocks } from './docs/generated-blocks.ts'
import { sandboxBlocks } from './docs/sandbox-blocks.ts'

interface GeneratedFile {
  /** Relative to the repository. */
  readonly path: string
  readonly content: string
}

const root = join(import.meta.dirname, '..')

/** A page of prose with generated blocks in it. */
function withBlocks(path: string, blocks: Readonly<Record<string, string>>): GeneratedFile {
  return { path, content: fillBlocks(readFileSync(join(root, path), 'utf8'), blocks) }
}

const generated: readonly GeneratedFile[] = [
  { path: 'docs/graphs.md', content: graphReference() },
  { path: 'docs/ring-file.md', content: ringFileReference() },
  { path: 'docs/rings.schema.json', content: `${JSON.stringify(ringFileJsonSchema(), null, 2)}\n` },
  withBlocks('docs/action.md', actionBlocks()),
  withBlocks('docs/app.md', appBlocks()),
  withBlocks('docs/artifact-format.md', artifactBlocks(root)),
  withBlocks('docs/cli.md', cliBlocks(root)),
  withBlocks('docs/commands.md', commandBlocks()),
  withBlocks('docs/gates.md', gateBlocks()),
  withBlocks('docs/sandbox.md', await sandboxBlocks()),
  { path: 'docs/features.md', content: featuresPage(readFeatures(root), findEvidence(root)) },
]

const isCheck = argv.includes('--check')
const different = generated.filter(({ path, content }) => {
  const file = join(root, path)
  return !existsSync(file) || readFileSync(file, 'utf8') !== content
})

if (isCheck && different.length > 0) {
  console.error(`Not what the source says: ${different.map(({ path }) => path).join(', ')}.`)
  console.error('Run `npm run docs` and commit them.')
  exit(1)
}
if (!isCheck) {
  for (const { path, content } of different) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}
const written = isCheck ? 'as the source says' : `${different.length} written`
console.log(`${generated.length} generated files, ${written}.`)
