import { RingwayError } from '../../domain/ringway-error.ts'
import type { Artifact, Artifacts, Progress } from '../../ports/artifacts.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { decodeArtifactManifest } from './artifact-manifest.ts'
import { decodeManifest, manifestBlobLimit } from './manifest-blob.ts'
import { measureContent, publishArtifact } from './publish-artifact.ts'
import { attachStatement, readStatements, readWhole } from './statements.ts'
import { manifestRefused } from './store-errors.ts'
import { unpackArtifact } from './unpack-artifact.ts'

/** Artifacts as OCI artifacts in a store. */
export function createArtifacts(store: BlobStore, onProgress: (progress: Progress) => void = () => {}): Artifacts {
  const { location } = store
  return {
    location,
    publish: request => publishArtifact(store, request, onProgress),
    contentOf: measureContent,
    read: reference => readArtifact(store, reference),
    unpack: (artifact, directory) => unpackArtifact(store, { artifact, directory }, onProgress),
    async tag(digest, tag) {
      const stored = await store.readManifest(digest)
      if (stored === undefined) throw notFound(location, digest)
      await store.writeManifest(stored, tag)
    },
    attachStatement: (digest, statement) => attachStatement(store, digest, statement),
    readStatements: digest => readStatements(store, digest),
  }
}

async function readArtifact(store: BlobStore, reference: string): Promise<Artifact | undefined> {
  const { location } = store
  const stored = await store.readManifest(reference)
  if (stored === undefined) return undefined
  const { config } = decodeArtifactManifest(stored, location)
  if (config.size > manifestBlobLimit) {
    throw manifestRefused({
      location,
      reference,
      rule: 'manifest_size',
      words: `has a configuration of ${config.size} bytes`,
    })
  }
  const bytes = await readWhole(store.readBlob(config))
  const manifest = decodeManifest({ location, reference, bytes })
  return { digest: stored.digest, content: config.digest, manifest }
}

function notFound(location: string, digest: string): RingwayError {
  return new RingwayError({
    code: 'artifact_not_found',
    message: `${location} does not hold ${digest}.`,
    remedy: 'Publish the artifact again.',
  })
}
