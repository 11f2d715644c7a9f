import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleRequest } from '../../.ci/docs/record-example.ts'
import type { Change, GithubClient } from '../../src/adapters/github/github-client.ts'
import { createGithubVersionTags } from '../../src/adapters/github/version-tags.ts'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import { provenVersion } from '../../src/domain/provenance.ts'
import { commitSha } from '../../src/domain/units.ts'
import { codeBlocks, section } from './markdown.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'artifact-format.md'), 'utf8')
const artifacts = createArtifacts(
  openBlobStore({ location: `oci-layout:${join(root, 'test', 'fixtures', 'example-artifact', 'layout')}` }),
)

async function recorded() {
  const artifact = await artifacts.read('hello-v1')
  if (artifact === undefined) throw new Error('the recorded artifact is not there')
  return artifact
}

describe('the artifact of docs/artifact-format.md', () => {
  it('[A1] was published once, and is whole by the rules of today', async () => {
    const artifact = await recorded()
    await artifacts.verify(artifact)
    expect(page).toContain(artifact.digest)
    expect(page).toContain(artifact.content)
  })

  it('[M3] has the content that its source has now', async () => {
    const { content } = await artifacts.contentOf(exampleRequest())
    expect(content).toBe((await recorded()).content)
  })

  it('[M8] carries the provenance that the page shows', async () => {
    const [statement] = await artifacts.readStatements((await recorded()).digest)
    expect(statement).toEqual(JSON.parse(codeBlocks(section(page, 'Provenance'), 'json')[0] ?? ''))
    expect(statement && provenVersion(statement)).toBe('v1')
  })

  it('is made a version by a git tag with the message that the page shows', async () => {
    const { digest, content } = await recorded()
    const messages: unknown[] = []
    const client: GithubClient = {
      owner: 'octo',
      repo: 'hello',
      defaultBranch: async () => 'main',
      read: async () => undefined,
      change: async <T>(change: Change<T>) => {
        if ('message' in change.parameters) messages.push(change.parameters['message'])
        return change.decode({ sha: 'a'.repeat(40), tag: '', message: '', object: { type: 'commit', sha: '' } })
      },
    }
    const version = { number: 1, digest, content, commit: commitSha('0'.repeat(40)) }
    await createGithubVersionTags(client).create({ solution: 'hello', version })
    expect(messages).toEqual(codeBlocks(section(page, 'Versions'), 'text'))
  })
})
