import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProcess } from './run-process.ts'

/** The programs that this needs, with their Debian packages. */
export const besideTools = [
  { program: 'tar', debian: 'tar' },
  { program: 'zstd', debian: 'zstd' },
  { program: 'sha256sum', debian: 'coreutils' },
  { program: 'skopeo', debian: 'skopeo' },
  { program: 'docker-registry', debian: 'docker-registry' },
] as const

/**
 * What a person would take instead: one reproducible archive of the tree, its digest, an OCI layout around it, and skopeo to push it.
 *
 * @returns milliseconds
 */
export async function tarAndSkopeo(work: {
  readonly tree: string
  /** An empty place for the layout. */
  readonly layout: string
  /** `127.0.0.1:port` */
  readonly registry: string
}): Promise<number> {
  const { tree, layout, registry } = work
  const blobs = join(layout, 'blobs', 'sha256')
  await mkdir(blobs, { recursive: true })
  const started = performance.now()
  const archive = join(layout, 'layer')
  const pack = `tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$0" -cf - . | zstd -q -3 -o "$1" && sha256sum "$1"`
  const { output } = await runProcess('sh', ['-c', pack, tree, archive])
  const layer = { digest: `sha256:${output.slice(0, 64)}`, size: (await stat(archive)).size }
  await rename(archive, join(blobs, output.slice(0, 64)))
  const config = await writeBlob(blobs, '{}')
  const manifest = await writeBlob(
    blobs,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.example.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', ...layer }],
    }),
  )
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  const entry = { mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest }
  const index = {
    schemaVersion: 2,
    manifests: [{ ...entry, annotations: { 'org.opencontainers.image.ref.name': 'v1' } }],
  }
  await writeFile(join(layout, 'index.json'), JSON.stringify(index))
  const target = `docker://${registry}/bench/beside:v1`
  await runProcess('skopeo', ['copy', '--quiet', '--dest-tls-verify=false', `oci:${layout}:v1`, target])
  const tookMs = performance.now() - started
  await rm(layout, { recursive: true })
  return tookMs
}

async function writeBlob(blobs: string, text: string): Promise<{ readonly digest: string; readonly size: number }> {
  const hex = createHash('sha256').update(text).digest('hex')
  await writeFile(join(blobs, hex), text)
  return { digest: `sha256:${hex}`, size: text.length }
}
