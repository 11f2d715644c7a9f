import type { RepositoryKey } from '../../domain/ring-key.ts'
import { firstRings } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Solution } from '../../domain/solution.ts'
import { type Version, versionName } from '../../domain/version.ts'
import type { Artifacts } from '../../ports/artifacts.ts'
import type { ArtifactRecord } from '../../ports/control-store.ts'
import { enterFirstRings } from '../builds/enter-first-rings.ts'
import type { RepositoryPolicy } from '../control/read-policy.ts'
import type { SweepPorts } from './sweep-ports.ts'

/** How many of the newest versions are looked at. */
const most = 5

/**
 * Finds versions whose build could not report them, because the App was not there: their git tags are. What the store holds of them is taken in;
 * where the App cannot read the store, people are told what to do.
 *
 * @returns the newest version of each solution that was found, for {@link enterLostVersions}
 */
export async function findLostVersions(
  ports: SweepPorts,
  { github, ringFile }: RepositoryPolicy,
  key: RepositoryKey,
): Promise<readonly LostVersion[]> {
  const found: LostVersion[] = []
  for (const solution of ringFile.solutions) {
    const lost = await readLost(ports, { github, solution, key })
    for (const version of lost.toReversed()) {
      const manifest = await readManifest(github.artifacts, version)
      if (manifest === undefined) await tellUnknown(ports, { solution, key, version })
      const artifact = manifest && (await keep(ports, { solution, key, version, manifest }))
      if (artifact !== undefined && version === lost[0]) found.push({ solution, artifact })
    }
  }
  return found
}

/** A version that was found, and that is the newest of its solution. */
export interface LostVersion {
  readonly solution: Solution
  readonly artifact: ArtifactRecord
}

/** Has them go where their builds would have had them go; called when it is known what runs there. */
export async function enterLostVersions(ports: SweepPorts, found: readonly LostVersion[]): Promise<void> {
  for (const { solution, artifact } of found) {
    await ports.store.transaction(artifact, tx => enterFirstRings(ports, tx, { artifact, solution, by: ports.self }))
  }
}

interface Place {
  readonly solution: Solution
  readonly key: RepositoryKey
}

/** Newest first, down to the first that is known. */
async function readLost(
  { store }: SweepPorts,
  { github, solution, key }: Place & Pick<RepositoryPolicy, 'github'>,
): Promise<readonly Version[]> {
  const lost: Version[] = []
  for await (const version of github.versions.list(solution.name)) {
    const known = await store.transaction(key, tx =>
      tx.artifacts.version({ ...key, solution: solution.name }, version.number),
    )
    if (known !== undefined || lost.length === most) break
    lost.push(version)
  }
  return lost
}

async function readManifest(
  artifacts: Artifacts | undefined,
  { digest, content }: Version,
): Promise<ArtifactRecord['manifest'] | undefined> {
  try {
    const artifact = await artifacts?.read(digest)
    if (artifact === undefined || artifact.content !== content) return undefined
    const { files: _, ...manifest } = artifact.manifest
    return manifest
  } catch (error) {
    if (error instanceof RingwayError && error.kind === 'failed') return undefined
    throw error
  }
}

async function keep(
  { store, tell }: SweepPorts,
  lost: Place & { readonly version: Version; readonly manifest: ArtifactRecord['manifest'] },
): Promise<ArtifactRecord> {
  const { key, solution, version, manifest } = lost
  const { number, digest, content, commit } = version
  tell(`${solution.name} ${versionName(number)} was built while the App was away; it is known now`)
  return await store.transaction(key, async tx => {
    const place = { ...key, solution: solution.name }
    const named = { digest, content, version: number, commit, pullRequest: undefined }
    const artifact: ArtifactRecord = { ...place, ...named, manifest, builtAt: tx.now }
    await tx.artifacts.put(artifact)
    return artifact
  })
}

async function tellUnknown(
  { store, tell }: SweepPorts,
  { solution, key, version }: Place & { readonly version: Version },
): Promise<void> {
  const [ring] = firstRings(solution)
  if (ring === undefined) return
  const name = versionName(version.number)
  const words = `${solution.name} ${name} was built while the App was away, and the App cannot read it from the store. Run its build's job again: it reports the version.`
  const isNew = await store.transaction(key, async tx => {
    const notice = `unknown_version ${key.repository}/${solution.name}/${name}`
    // A build that is under way reports in a moment: only a second look tells.
    const isFirst = !(await tx.notices.first(`${notice} seen`)) && (await tx.notices.first(notice))
    const ringKey = { ...key, solution: solution.name, ring: ring.name }
    const data = { version: version.number, digest: version.digest, commit: version.commit, words }
    if (isFirst) await tx.events.append({ type: 'alert.unknown_version', key: ringKey, data })
    return isFirst
  })
  if (isNew) tell(words)
}
