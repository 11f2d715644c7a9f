import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sha256Digest } from '../../domain/units.ts'
import type { Descriptor } from '../../ports/blob-store.ts'
import { hasCode } from './layout-failure.ts'
import { writeFileAtomically } from './layout-file.ts'
import { withLock } from './layout-lock.ts'
import { manifestTypes, readManifestDocument } from './manifest-document.ts'

/** Source: OCI image specification 1.1, "Pre-defined annotation keys". */
const tagKey = 'org.opencontainers.image.ref.name'

/** The manifests that `index.json` lists; none where there is no layout yet. */
export async function readIndex(root: string): Promise<readonly Descriptor[]> {
  try {
    const bytes = await readFile(join(root, 'index.json'))
    return readManifestDocument({ location: root, reference: 'index.json', bytes }).manifests
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

/** Changes `index.json` in one step that other processes wait for. Readers never wait: the file is replaced whole. */
export async function changeIndex(
  root: string,
  change: (manifests: readonly Descriptor[]) => readonly Descriptor[],
): Promise<void> {
  await withLock(join(root, 'index.json.lock'), async stillHeld => {
    const before = await readIndex(root)
    const manifests = change(before)
    if (manifests === before) return
    const text = JSON.stringify({ schemaVersion: 2, mediaType: manifestTypes.index, manifests })
    await writeFileAtomically(root, join(root, 'index.json'), async file => {
      await file.writeFile(text)
      await stillHeld()
    })
  })
}

/** The manifest that a digest or a tag names. */
export function findManifest(manifests: readonly Descriptor[], reference: string): Descriptor | undefined {
  return manifests.find(entry => entry.digest === reference || entry.annotations?.[tagKey] === reference)
}

/**
 * Lists a manifest, under a tag if one is given. A tag stands on one entry only; the entry that loses its tag stays listed by its digest,
 * because what was published is never forgotten.
 */
export function listManifest(
  manifests: readonly Descriptor[],
  added: Descriptor,
  tag: string | undefined,
): readonly Descriptor[] {
  const known = manifests.filter(entry => entry.digest === added.digest)
  if (tag === undefined) return known.length > 0 ? manifests : [...manifests, added]
  if (known.some(entry => entry.annotations?.[tagKey] === tag)) return manifests
  const demoted = manifests.find(entry => entry.annotations?.[tagKey] === tag)
  const others = manifests.filter(entry => entry !== demoted && !isBare(entry, added.digest))
  const isListedElsewhere = others.some(entry => entry.digest === demoted?.digest)
  const kept = demoted === undefined || isListedElsewhere ? [] : [withoutTag(demoted)]
  return [...others, ...kept, withTag(added, tag)]
}

function isBare(entry: Descriptor, digest: Sha256Digest): boolean {
  return entry.digest === digest && entry.annotations?.[tagKey] === undefined
}

function withTag(entry: Descriptor, tag: string): Descriptor {
  return { ...entry, annotations: { ...entry.annotations, [tagKey]: tag } }
}

function withoutTag(entry: Descriptor): Descriptor {
  const { [tagKey]: _, ...annotations } = entry.annotations ?? {}
  const { annotations: __, ...bare } = entry
  return Object.keys(annotations).length === 0 ? bare : { ...bare, annotations }
}
