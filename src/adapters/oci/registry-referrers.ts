import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import { manifestLimit, manifestTypes, readManifestDocument } from './manifest-document.ts'
import { unionOfReferrers } from './referrers.ts'
import { protocolFailure } from './registry-failure.ts'
import type { Asked } from './registry-manifests.ts'
import { nextPage } from './registry-page.ts'
import { fetchTaggedReferrers } from './registry-referrers-tag.ts'

const mostPages = 100

/** The specification says 404; older registries and proxies word it in these ways. What is really denied shows when the tag is asked for. */
const noApi = [400, 403, 404, 405, 501]

/**
 * Everything that refers to a manifest, by the referrers API or, where the registry has none, from the fallback tag.
 * Source: OCI distribution specification 1.1, "Listing referrers".
 */
export async function fetchReferrers(
  asked: Asked,
  wanted: { readonly subject: Sha256Digest; readonly artifactType: string },
): Promise<readonly Descriptor[]> {
  const { subject, artifactType } = wanted
  const listed = (await fetchFromApi(asked, wanted)) ?? (await fetchTaggedReferrers(asked, subject))
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
    const answer = await client.ask({ method: 'GET', target, access: 'pull', headers, expect: [200, ...noApi] })
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
