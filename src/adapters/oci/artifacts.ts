import { RingwayError } from '../../domain/ringway-error.ts'
import type { Artifacts, Progress } from '../../ports/artifacts.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { measureContent, publishArtifact } from './publish-artifact.ts'
import { readStoredArtifact } from './read-artifact.ts'
import { attachStatement, readStatements } from './statements.ts'
import { unpackArtifact, verifyArtifact } from './unpack-artifact.ts'

/** Artifacts as OCI artifacts in a store. */
export function createArtifacts(store: BlobStore, onProgress: (progress: Progress) => void = () => {}): Artifacts {
  const { location } = store
  return {
    location,
    publish: request => publishArtifact(store, request, onProgress),
    contentOf: measureContent,
    read: async reference => (await readStoredArtifact(store, reference))?.artifact,
    unpack: (artifact, directory) => unpackArtifact(store, { artifact, directory }, onProgress),
    verify: artifact => verifyArtifact(store, artifact, onProgress),
    async tag(digest, tag) {
      const stored = await store.readManifest(digest)
      if (stored === undefined) throw notFound(location, digest)
      await store.writeManifest(stored, tag)
    },
    attachStatement: (digest, statement) => attachStatement(store, digest, statement),
    readStatements: digest => readStatements(store, digest),
  }
}

function notFound(location: string, digest: string): RingwayError {
  return new RingwayError({
    code: 'artifact_not_found',
    message: `${location} does not hold ${digest}.`,
    remedy: 'Publish the artifact again.',
  })
}
