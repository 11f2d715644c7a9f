import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { artifactLimits } from '../../src/adapters/oci/artifact-rules.ts'
import { manifestBlobLimit } from '../../src/adapters/oci/manifest-blob.ts'
import { manifestLimit } from '../../src/adapters/oci/manifest-document.ts'
import { artifactType, layerMediaType, manifestMediaType } from '../../src/domain/manifest.ts'
import { versionTag } from '../../src/domain/version.ts'
import { markdownTable } from './markdown-table.ts'

const refName = 'org.opencontainers.image.ref.name'
const descriptor = z.object({ digest: z.string(), annotations: z.record(z.string(), z.string()).optional() })
const indexFile = z.object({ manifests: z.array(descriptor.extend({ artifactType: z.string() })) })
const imageManifest = z.object({ config: descriptor, layers: z.array(descriptor) })

/** What of `docs/artifact-format.md` comes from the source, and from the artifact that is recorded in `test/fixtures`. */
export function artifactBlocks(root: string): Readonly<Record<string, string>> {
  const layout = join(root, 'test', 'fixtures', 'example-artifact', 'layout')
  const blob = (digest: string): unknown =>
    JSON.parse(readFileSync(join(layout, 'blobs', 'sha256', digest.slice('sha256:'.length)), 'utf8'))
  const { manifests } = indexFile.parse(JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')))
  const tags = manifests.flatMap(({ annotations }) => annotations?.[refName] ?? [])
  const ours = manifests.find(entry => entry.artifactType === artifactType)?.digest ?? ''
  const referrer = manifests.find(entry => entry.artifactType !== artifactType)?.digest ?? ''
  const content = imageManifest.parse(blob(ours)).config.digest
  const [statement] = imageManifest.parse(blob(referrer)).layers
  return {
    'media-types': markdownTable(
      ['what', 'media type'],
      [
        ['`artifactType` of the OCI manifest', `\`${artifactType}\``],
        ['its configuration blob, the manifest', `\`${manifestMediaType}\``],
        ['each layer', `\`${layerMediaType}\``],
      ],
    ),
    names: markdownTable(
      ['name', 'in the example'],
      [
        ['digest: SHA-256 of the OCI manifest', `\`${ours}\``],
        ['content digest: SHA-256 of the configuration blob', `\`${content}\``],
        ...tags.map(tag => ['registry tag', `\`${tag}\``]),
        ['git tag', `\`${versionTag('hello', 1)}\``],
      ],
    ),
    'git-tag': fenced('text', `artifact ${ours}\ncontent ${content}`),
    'oci-manifest': json(blob(ours)),
    manifest: json(blob(content)),
    provenance: json(blob(statement?.digest ?? '')),
    referrer: json(blob(referrer)),
    limits: markdownTable(
      ['limit', 'of'],
      [
        [`${artifactLimits.files}`, 'files'],
        [`${artifactLimits.bytes / 1024 ** 3} GiB`, 'all files together, and all layers uncompressed'],
        [
          `${artifactLimits.ratio} : 1`,
          `uncompressed to compressed bytes of a layer, from ${artifactLimits.ratioFrom / 1024 ** 2} MiB on`,
        ],
        [`${manifestLimit / 1024 ** 2} MiB`, 'an OCI manifest'],
        [`${manifestBlobLimit / 1024 ** 2} MiB`, 'the configuration blob'],
      ],
    ),
  }
}

function json(value: unknown): string {
  return fenced('json', JSON.stringify(value, null, 2))
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
