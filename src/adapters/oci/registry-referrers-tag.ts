import { z } from 'zod'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor, StoredManifest } from '../../ports/blob-store.ts'
import { readManifestDocument } from './manifest-document.ts'
import { referrerDescriptor, referrersIndex, unionOfReferrers } from './referrers.ts'
import { protocolFailure } from './registry-failure.ts'
import { type Asked, fetchManifest, putManifest } from './registry-manifests.ts'
import { nextPage } from './registry-page.ts'
import { referrersTag, referrerTag } from './tag.ts'

/**
 * What refers to a manifest in a registry without the referrers API: what the list under the fallback tag holds, and what has a tag of its
 * own. A registry changes a tag unconditionally, so of two writers of the list the slower one takes away what the faster one wrote, and
 * neither can see it. Tags of their own cannot be lost like that; they also keep referrers from clean-ups that delete whatever has no tag.
 */
export async function fetchTaggedReferrers(asked: Asked, subject: Sha256Digest): Promise<readonly Descriptor[]> {
  const { listed, unlisted } = await fetchAll(asked, subject)
  return [...listed, ...unlisted]
}

async function fetchAll(
  asked: Asked,
  subject: Sha256Digest,
): Promise<{ readonly listed: readonly Descriptor[]; readonly unlisted: readonly Descriptor[] }> {
  const listed = await fetchList(asked, subject)
  const known = new Set(listed.map(({ digest }) => referrerTag(subject, digest)))
  const tags = (await fetchTags(asked, referrerTag(subject, ''))).filter(tag => !known.has(tag))
  const found = await Promise.all(tags.map(tag => fetchReferrer(asked, { subject, tag })))
  return { listed, unlisted: found.filter(descriptor => descriptor !== undefined) }
}

/** Rounds in which the list was overwritten by others. */
const mostRounds = 20

/**
 * Gives a referrer a tag of its own and adds it to the list, which other tools read. The list is read again after it was written, and
 * written again while it lacks anything that has a tag.
 *
 * @throws {RegistryFailure} when the list never stays as it was written
 */
export async function listUnderTag(
  asked: Asked,
  added: { readonly subject: Sha256Digest; readonly manifest: StoredManifest; readonly referrer: Descriptor },
): Promise<void> {
  const { subject, manifest, referrer } = added
  await putManifest(asked, { manifest, reference: referrerTag(subject, referrer.digest) })
  const reference = referrersTag(subject)
  for (let round = 0; round < mostRounds; round += 1) {
    const { listed, unlisted } = await fetchAll(asked, subject)
    // Ours by itself, because a registry may list no tags, or late.
    const all = unionOfReferrers(listed, [...unlisted, referrer])
    if (all.length === listed.length) return
    await putManifest(asked, { manifest: referrersIndex(all), reference })
  }
  throw protocolFailure(asked.location, `lost its list ${reference} to other writers ${mostRounds} times`, 'never')
}

async function fetchList(asked: Asked, subject: Sha256Digest): Promise<readonly Descriptor[]> {
  const reference = referrersTag(subject)
  const index = await fetchManifest(asked, reference)
  if (index === undefined) return []
  return readManifestDocument({ location: asked.location, reference, bytes: index.bytes }).manifests
}

async function fetchReferrer(
  asked: Asked,
  tagged: { readonly subject: Sha256Digest; readonly tag: string },
): Promise<Descriptor | undefined> {
  const manifest = await fetchManifest(asked, tagged.tag)
  if (manifest === undefined) return undefined
  const document = readManifestDocument({ location: asked.location, reference: tagged.tag, bytes: manifest.bytes })
  return document.subject?.digest === tagged.subject ? referrerDescriptor(manifest, document) : undefined
}

/** Bytes of one page of tags, and pages; together more than a repository of a hundred thousand versions has. */
const pageLimit = 16 * 1024 * 1024
const mostPages = 1_000

const page = z.object({ tags: z.array(z.string()).nullish() })

/** The tags that begin with `prefix`; none where a registry lists no tags. */
async function fetchTags({ client }: Asked, prefix: string): Promise<readonly string[]> {
  const found: string[] = []
  let target: string | URL = 'tags/list?n=1000'
  for (let pages = 0; pages < mostPages; pages += 1) {
    const answer = await client.ask({ method: 'GET', target, access: 'pull', expect: [200, 400, 403, 404, 405, 501] })
    if (answer.status !== 200) {
      await answer.discard()
      return found
    }
    const tags = decodePage(await answer.bytes(pageLimit))
    if (tags === undefined) throw protocolFailure(answer.where, 'gave no list of tags')
    found.push(...tags.filter(tag => tag.startsWith(prefix)))
    const next = nextPage(answer.header('link'))
    if (next === undefined) return found
    target = client.resolve(next)
  }
  return found
}

function decodePage(bytes: Uint8Array | undefined): readonly string[] | undefined {
  try {
    return page.parse(JSON.parse(new TextDecoder().decode(bytes))).tags ?? []
  } catch {
    return undefined
  }
}
