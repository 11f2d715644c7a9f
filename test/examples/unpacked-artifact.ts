import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { ConfigLayer } from '../../src/domain/configuration.ts'
import type { Manifest, ManifestComponent, ManifestFile } from '../../src/domain/manifest.ts'
import { type Sha256Digest, sha256Digest } from '../../src/domain/units.ts'

/** An artifact as the Action unpacks it, with what names it. */
export interface UnpackedArtifact {
  readonly directory: string
  readonly manifest: Manifest
  readonly digest: Sha256Digest
  readonly configuration: ConfigLayer
}

/** The parts of a component that a test cares about. */
export function component(part: Partial<ManifestComponent> & { name: string }): ManifestComponent {
  return { kind: 'service', uses: [], tools: [], connectors: [], secrets: [], ...part }
}

/** Writes files into a directory and describes them as an artifact. */
export async function writeArtifact(artifact: {
  readonly directory: string
  readonly files: Readonly<Record<string, string>>
  readonly components: readonly ManifestComponent[]
  readonly configuration?: ConfigLayer
}): Promise<UnpackedArtifact> {
  for (const [path, text] of Object.entries(artifact.files)) {
    await mkdir(dirname(join(artifact.directory, path)), { recursive: true })
    await writeFile(join(artifact.directory, path), text)
    if (text.startsWith('#!')) await chmod(join(artifact.directory, path), 0o755)
  }
  return await describeArtifact(artifact)
}

/** Describes the files of a directory as an artifact. */
export async function describeArtifact(artifact: {
  readonly directory: string
  readonly components: readonly ManifestComponent[]
  readonly configuration?: ConfigLayer
}): Promise<UnpackedArtifact> {
  const { directory, components, configuration = {} } = artifact
  const manifest: Manifest = {
    schemaVersion: 1,
    solution: 'shop',
    components,
    files: await describeFiles(directory),
    layers: [],
    config: { repository: {}, solution: configuration, rings: {} },
    locks: [],
    plan: { order: components.map(({ name }) => name) },
  }
  return { directory, manifest, configuration, digest: sha256(JSON.stringify(manifest)) }
}

async function describeFiles(directory: string): Promise<ManifestFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return await Promise.all(
    paths.sort().map(async path => {
      const bytes = await readFile(path)
      const executable = ((await stat(path)).mode & 0o100) !== 0
      return { path: relative(directory, path), digest: sha256(bytes), size: bytes.length, executable }
    }),
  )
}

const sha256 = (bytes: string | Uint8Array): Sha256Digest =>
  sha256Digest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
