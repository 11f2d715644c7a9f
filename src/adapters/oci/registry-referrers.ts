import { setTimeout as sleep } from 'node:timers/promises'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import { manifestLimit, manifestTypes, readManifestDocument } from './manifest-document.ts'
import { referrersIndex, unionOfReferrers } from './referrers.ts'
import { protocolFailure, RegistryFailure } from './registry-failure.ts'
import { type Asked, fetchManifest, putManifest } from './registry-manifests.ts'
import { referrersTag } from './tag.ts'

const mostPages = 100

/**
 * Everything that refers to a manifest, by the referrers API or, where the registry has none, from the fallback tag.
 * Source: OCI distribution specification 1.1, "Listing referrers".
 */
export async function fetchReferrers(
  asked: Asked,
  wanted: { readonly subject: Sha256Digest; readonly artifactType: string },
): Promise<readonly Descriptor[]> {
  const { subject, artifactType } = wanted
  const listed = (await fetchFromApi(asked, wanted)) ?? (await fetchFromTag(asked, subject))
  // A registry may leave the filtering to us.
  return listed.filter(descriptor => descriptor.artifactType === artifactType)
}

async function fetchFromApi(
  { client, location }: Asked,
  wanted: { readonly subject: Sha256Digest; readonly artifactType: string },
): Promise<readonly Descriptor[] | undefined> {
  const query = new URLSearchParams({ artifactType: wanted.artifactType })
  let target: string | URL = `referrers/${wanted.subject}?${query.toString()}`
  let listed: readonly Descriptor[] = []
  for (let page = 0; page < mostPages; page += 1) {
    const headers = { accept: manifestTypes.index }
    const answer = await client.ask({ method: 'GET', target, access: 'pull', headers, expect: [200, 404, 405, 501] })
    const isIndex = answer.header('content-type')?.startsWith(manifestTypes.index) === true
    if (answer.status !== 200 || !isIndex) {
      await answer.discard()
      return undefined
    }
    const bytes = await answer.bytes(manifestLimit)
    if (bytes === undefined)
      throw protocolFailure(answer.where, `listed more than ${manifestLimit} bytes at once`, 'never')
    listed = unionOfReferrers(listed, readManifestDocument({ location, reference: 'referrers', bytes }).manifests)
    const next = nextPage(answer.header('link'))
    if (next === undefined) break
    target = client.resolve(next)
  }
  return listed
}

async function fetchFromTag(asked: Asked, subject: Sha256Digest): Promise<readonly Descriptor[]> {
  const reference = referrersTag(subject)
  const index = await fetchManifest(asked, reference)
  return index === undefined
    ? []
    : readManifestDocument({ location: asked.location, reference, bytes: index.bytes }).manifests
}

/** The target of the `next` relation. Source: RFC 8288. */
function nextPage(link: string | undefined): string | undefined {
  return /<([^>]*)>\s*;[^,<]*\brel="?next\b/i.exec(link ?? '')?.[1]
}

/** Writers that go on overwriting each other for so many rounds are no accident. */
const mostRounds = 20

/** Milliseconds; for what a registry on this machine needs, less than a round would measure. */
const shortestSettleMs = 50

/**
 * Adds a referrer to the list under the fallback tag. A registry cannot change a tag conditionally, so another writer may overwrite ours
 * with what it had read before. Hence the list is read again after a pause that is longer than such a change takes, until ours is still
 * in it; and every entry that was ever seen is written again, so that what our own write overwrote comes back too.
 *
 * @throws {RegistryFailure} when the list never stays as it was written
 */
export async function listUnderTag(
  asked: Asked,
  added: { readonly subject: Sha256Digest; readonly referrer: Descriptor },
): Promise<void> {
  const reference = referrersTag(added.subject)
  let wanted: readonly Descriptor[] = [added.referrer]
  for (let round = 0; round < mostRounds; round += 1) {
    const started = performance.now()
    const held = await fetchFromTag(asked, added.subject)
    wanted = unionOfReferrers(held, wanted)
    if (held.length === wanted.length) return
    await putManifest(asked, { manifest: referrersIndex(wanted), reference })
    const tookMs = performance.now() - started
    await sleep(Math.max(shortestSettleMs, 2 * tookMs) * (1 + Math.random()))
  }
  throw new RegistryFailure(
    {
      code: 'store_unreachable',
      message: `The list ${reference} of ${asked.location} was overwritten by others ${mostRounds} times.`,
      remedy: 'See who else writes referrers of this artifact, and try again.',
      kind: 'errored',
    },
    'never',
  )
}
