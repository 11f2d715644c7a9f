import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import { type CommitSha, epochMs } from '../../src/domain/units.ts'
import type { Version } from '../../src/domain/version.ts'
import { publishVersion, registryTag } from '../../src/engine/publish-version.ts'
import type { PublishRequest } from '../../src/ports/artifacts.ts'
import type { BlobStore } from '../../src/ports/blob-store.ts'
import { collect } from '../support/collect.ts'
import { type Crash, CrashedError, createCrash } from '../support/crash.ts'
import { type GitVersions, openGitVersions } from '../support/git-version-tags.ts'

let root = ''
let repository: GitVersions
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-publish-'))
  repository = await openGitVersions()
})
afterEach(async () => {
  await repository[Symbol.asyncDispose]()
  await rm(root, { recursive: true })
})

const noCrash = () => createCrash({ effect: 0, when: 'before' })
const openStore = (name = 'store'): BlobStore => openBlobStore({ location: `oci-layout:${join(root, name)}` })

async function writeTree(name: string, content: string): Promise<PublishRequest> {
  const directory = join(root, name)
  await mkdir(directory, { recursive: true })
  const files = { 'shared.txt': 'shared\n', 'triage.js': `${content}\n` }
  for (const [path, text] of Object.entries(files)) await writeFile(join(directory, path), text)
  return {
    directory,
    files: Object.entries(files).map(([path, text]) => ({
      path,
      size: text.length,
      executable: false,
      component: path === 'triage.js' ? 'triage' : undefined,
    })),
    locks: [],
    manifest: {
      solution: 'support',
      components: [],
      config: { repository: {}, solution: {}, rings: {} },
      plan: { order: [] },
    },
    sourceUrl: 'https://github.com/octo/shop',
  }
}

/** A build from the first look to the last tag, in which any effect on the store or on git may be the last one. */
async function build(work: {
  readonly tree: PublishRequest
  readonly commit: CommitSha
  readonly runId?: number
  readonly crash?: Crash
  readonly store?: BlobStore
}) {
  const { tree, commit, runId = 7, crash = noCrash(), store = openStore() } = work
  const artifacts = createArtifacts({
    ...store,
    writeBlob: crash.effect((blob, open) => store.writeBlob(blob, open)),
    writeManifest: crash.effect((manifest, tag) => store.writeManifest(manifest, tag)),
  })
  const { tags } = repository
  const [newest] = await collect(tags.list('support'))
  const published = await artifacts.publish({ ...tree, baseline: newest?.digest })
  const run = {
    id: runId,
    attempt: 1,
    url: `https://github.com/octo/shop/actions/runs/${runId}`,
    event: 'push',
    actor: 'ada',
    commit,
    ref: 'refs/heads/main',
    workflowRef: 'octo/shop/.github/workflows/ringway.yml@refs/heads/main',
    fork: false,
  }
  return await publishVersion(
    {
      versions: { ...tags, create: crash.effect(claim => tags.create(claim)) },
      artifacts,
      run,
      clock: { now: () => epochMs(1_600_000_000_000), sleep: async () => {} },
      repositoryUrl: 'https://github.com/octo/shop',
      isoTime: at => new Date(at).toISOString(),
    },
    { solution: 'support', published, newestBefore: newest?.number ?? 0 },
  )
}

async function countEffects(): Promise<number> {
  const crash = noCrash()
  await build({
    tree: await writeTree('counted', 'counted'),
    commit: await repository.commit(),
    crash,
    store: openStore('counted-store'),
  })
  await repository.git(['update-ref', '-d', 'refs/tags/ringway/support/v1'])
  return crash.begun()
}

/** What anybody can see of the newest version: its provenances, and what its registry tag names. */
async function lookAtNewest() {
  const artifacts = createArtifacts(openStore())
  const [version] = await versions()
  if (version === undefined) return undefined
  const artifact = await artifacts.read(version.digest)
  // A version that git names can be deployed, whatever is still missing of its records.
  if (artifact === undefined) throw new Error(`v${version.number} is not in the store.`)
  const out = join(root, 'out')
  await artifacts.unpack(artifact, out)
  await rm(out, { recursive: true })
  const statements = await artifacts.readStatements(version.digest)
  return { ...version, statements, tagged: (await artifacts.read(registryTag('support', version)))?.digest }
}

/** Newest first. */
function versions(): Promise<Version[]> {
  return collect(repository.tags.list('support'))
}

it('[D3] [M8] a build that is lost before or after any of its effects is completed by the next one, as if nothing had happened', async () => {
  const effects = await countEffects()
  expect(effects).toBeGreaterThan(7)
  const commit = await repository.commit()
  let number = 0
  for (let effect = 1; effect <= effects; effect += 1) {
    for (const when of ['before', 'after'] as const) {
      number += 1
      const tree = await writeTree('tree', `content ${number}`)
      const crash = createCrash({ effect, when })
      await expect(build({ tree, commit, crash })).rejects.toThrow(CrashedError)
      await lookAtNewest()
      const { version } = await build({ tree, commit })
      expect(version).toMatchObject({ number, commit })
      const newest = await lookAtNewest()
      expect(newest).toMatchObject({ ...version, tagged: version.digest })
      expect(newest?.statements).toHaveLength(1)
    }
  }
  expect((await versions()).map(one => one.number)).toEqual(
    Array.from({ length: number }, (_, index) => number - index),
  )
})

it('[M3] the same tree at another commit is the same version, and its provenance is told once', async () => {
  const tree = await writeTree('tree', 'a')
  const first = await build({ tree, commit: await repository.commit() })
  const again = await build({ tree, commit: await repository.commit(), runId: 8 })
  expect(again).toEqual({ version: first.version, created: false })
  expect((await lookAtNewest())?.statements).toHaveLength(1)
})

it('a revert is the old version again', async () => {
  const [a, b] = [await writeTree('a', 'a'), await writeTree('b', 'b')]
  const first = await build({ tree: a, commit: await repository.commit() })
  await build({ tree: b, commit: await repository.commit() })
  const reverted = await build({ tree: a, commit: await repository.commit() })
  expect(reverted).toEqual({ version: first.version, created: false })
  expect(await versions()).toHaveLength(2)
})

it('[M8] a version says who built it, when, from which commit and in which run', async () => {
  const commit = await repository.commit()
  await build({ tree: await writeTree('tree', 'a'), commit })
  const version = await lookAtNewest()
  expect(version?.statements[0]).toMatchObject({
    subject: [{ name: 'support', digest: { sha256: version?.digest.slice('sha256:'.length) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        externalParameters: { solution: 'support', version: 'v1' },
        internalParameters: { actor: 'ada' },
        resolvedDependencies: [
          { uri: 'git+https://github.com/octo/shop@refs/heads/main', digest: { gitCommit: commit } },
        ],
      },
      runDetails: {
        metadata: {
          invocationId: 'https://github.com/octo/shop/actions/runs/7/attempts/1',
          finishedOn: '2020-09-13T12:26:40.000Z',
        },
      },
    },
  })
})

it('a content tag that somebody else has set gives nobody a number', async () => {
  const commit = await repository.commit()
  const store = openStore()
  const tree = await writeTree('tree', 'a')
  // As the job of a pull request may: the artifact is there under its content, and no git tag names it.
  await createArtifacts(store).publish(tree)
  const { version, created } = await build({ tree, commit, store })
  expect({ number: version.number, created }).toEqual({ number: 1, created: true })
})
