// Publishes the small solution in test/fixtures/example-artifact/source, as a build would, into a store beside it. Run by hand when the
// format has changed on purpose; otherwise the recorded artifact shows that what was published once can still be read.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import { provenanceStatement } from '../../src/domain/provenance.ts'
import { commitSha, epochMs } from '../../src/domain/units.ts'
import type { PublishRequest } from '../../src/ports/artifacts.ts'

const folder = join(import.meta.dirname, '..', '..', 'test', 'fixtures', 'example-artifact')
const solution = 'hello'

/** What a build of the example asks the store to take. */
export function exampleRequest(): PublishRequest {
  const directory = join(folder, 'source')
  const files = [
    { path: 'deploy.sh', executable: true },
    { path: 'package-lock.json', executable: false },
    { path: 'place.mjs', executable: false },
    { path: 'web/server.mjs', executable: false, component: 'web' },
  ]
  return {
    directory,
    files: files.map(file => ({ ...file, size: statSync(join(directory, file.path)).size })),
    locks: ['package-lock.json'],
    manifest: {
      solution,
      components: [
        {
          name: 'web',
          kind: 'service',
          start: 'node web/server.mjs',
          path: '/',
          uses: [],
          tools: [],
          connectors: [],
          secrets: ['SESSION_KEY'],
        },
      ],
      config: {
        repository: { LOG_LEVEL: 'info' },
        solution: {},
        rings: { dev: { LOG_LEVEL: 'debug' }, production: {} },
      },
      plan: { order: ['web'] },
    },
    sourceUrl: 'https://github.com/octo/hello',
  }
}

async function record(): Promise<void> {
  rmSync(join(folder, 'layout'), { recursive: true, force: true })
  const artifacts = createArtifacts(openBlobStore({ location: `oci-layout:${join(folder, 'layout')}` }))
  const { artifact } = await artifacts.publish(exampleRequest())
  const statement = provenanceStatement(
    { solution, version: 'v1', ...artifact },
    {
      repositoryUrl: 'https://github.com/octo/hello',
      commit: commitSha('0123456789abcdef0123456789abcdef01234567'),
      ref: 'refs/heads/main',
      workflow: 'octo/hello/.github/workflows/ringway.yml@refs/heads/main',
      runUrl: 'https://github.com/octo/hello/actions/runs/1234567890',
      attempt: 1,
      actor: 'octocat',
      finishedAt: epochMs(Date.parse('2026-11-21T09:30:00Z')),
    },
    at => new Date(at).toISOString(),
  )
  await artifacts.attachStatement(artifact.digest, statement)
  await artifacts.tag(artifact.digest, `${solution}-v1`)
  console.log(artifact.digest)
}

if (import.meta.main) await record()
