import { openBlobStore } from '../../adapters/oci/reference.ts'
import { type Finding, ok } from '../../domain/finding.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RepositoryHere } from '../repository-here.ts'
import { chooseStore, localStore, publishedStore } from '../store-choice.ts'

/** A person waits: one question, and no second one. */
const patience = { attempts: 1, firstPauseMs: 0, longestPauseMs: 0, silenceMs: 10_000 }

/** Whether the store can be read from here. Jobs have credentials of their own, so only a store that somebody named must be readable. */
export async function storeFinding(repository: RepositoryHere): Promise<Finding> {
  const { origin, root } = repository
  const usual = origin === undefined ? localStore(root) : publishedStore(origin)
  const { location, credentials, isNamed } = chooseStore(repository, { store: undefined, usual })
  const what = 'artifact store'
  try {
    // Whether there is such a tag does not matter, but that the store says so.
    await openBlobStore({ location, credentials, patience }).readManifest('ringway-doctor')
    return ok(what, `${location} answers`)
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    const isDenied = error.code === 'store_denied'
    return {
      what,
      verdict: isNamed ? 'problem' : 'unknown',
      words: error.message,
      fix: isDenied
        ? 'Set RINGWAY_STORE_USERNAME and RINGWAY_STORE_PASSWORD (for ghcr.io: a token with read:packages). Jobs use their own token.'
        : error.remedy,
    }
  }
}
