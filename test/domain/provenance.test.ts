import { describe, expect, it } from 'vitest'
import {
  type Build,
  type BuiltArtifact,
  provenanceStatement,
  provenVersion,
  readProvenance,
} from '../../src/domain/provenance.ts'
import { commitSha, epochMs, sha256Digest } from '../../src/domain/units.ts'

const artifact: BuiltArtifact = {
  solution: 'support',
  version: 'v42',
  digest: sha256Digest(`sha256:${'a'.repeat(64)}`),
  content: sha256Digest(`sha256:${'c'.repeat(64)}`),
}

const build: Build = {
  repositoryUrl: 'https://github.com/octo/shop',
  commit: commitSha('d'.repeat(40)),
  ref: 'refs/heads/main',
  workflow: 'octo/shop/.github/workflows/ringway.yml@refs/heads/main',
  runUrl: 'https://github.com/octo/shop/actions/runs/7',
  attempt: 2,
  actor: 'ada',
  finishedAt: epochMs(1_600_000_000_000),
}

const statement = (built = artifact) => provenanceStatement(built, build, at => new Date(at).toISOString())

describe('the provenance of an artifact', () => {
  it('[M8] names commit, time, actor, run and version, as SLSA v1 has them', () => {
    expect(statement()).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'support', digest: { sha256: 'a'.repeat(64) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          externalParameters: { solution: 'support', version: 'v42' },
          internalParameters: { actor: 'ada', content: artifact.content },
          resolvedDependencies: [
            { uri: 'git+https://github.com/octo/shop@refs/heads/main', digest: { gitCommit: build.commit } },
          ],
        },
        runDetails: {
          metadata: {
            invocationId: 'https://github.com/octo/shop/actions/runs/7/attempts/2',
            finishedOn: '2020-09-13T12:26:40.000Z',
          },
        },
      },
    })
  })

  it('has what SLSA requires and nothing that JSON cannot hold', () => {
    const { predicate } = statement({ ...artifact, version: undefined })
    expect(JSON.parse(JSON.stringify(predicate))).toEqual(predicate)
    expect(new URL(predicate.buildDefinition.buildType).protocol).toBe('https:')
    expect(new URL(predicate.runDetails.builder.id).protocol).toBe('https:')
  })
})

describe('reading a provenance', () => {
  it('gives back what was written', () => {
    expect(readProvenance(statement())).toEqual({
      version: 'v42',
      actor: 'ada',
      repositoryUrl: build.repositoryUrl,
      commit: build.commit,
      ref: build.ref,
      workflow: build.workflow,
      run: 'https://github.com/octo/shop/actions/runs/7/attempts/2',
      finishedOn: '2020-09-13T12:26:40.000Z',
    })
    expect(readProvenance(statement({ ...artifact, version: undefined }))).toMatchObject({ version: undefined })
  })

  it('believes nothing that is not there', () => {
    const { predicateType } = statement()
    const predicate = {
      buildDefinition: { externalParameters: { version: null, workflow: 7 }, resolvedDependencies: 'x' },
    }
    expect(readProvenance({ predicateType, predicate })).toEqual({})
    expect(readProvenance({ predicateType: 'https://example.com/other', predicate })).toBeUndefined()
  })
})

describe('the version that a statement proves', () => {
  const withParameters = (externalParameters: unknown) => ({
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: { buildDefinition: { externalParameters } },
  })

  it.each([
    { what: 'a version', of: statement(), version: 'v42' },
    { what: 'a draft', of: statement({ ...artifact, version: undefined }), version: null },
    {
      what: 'another type of statement',
      of: { ...statement(), predicateType: 'https://spdx.dev/Document' },
      version: undefined,
    },
    { what: 'a provenance of another builder', of: withParameters({ workflow: 'x' }), version: undefined },
    { what: 'a number', of: withParameters({ version: 42 }), version: undefined },
    { what: 'a list', of: withParameters(['v42']), version: undefined },
    { what: 'nothing', of: withParameters(null), version: undefined },
    { what: 'an inherited name', of: withParameters(Object.create({ version: 'v42' })), version: undefined },
    {
      what: 'an empty predicate',
      of: { predicateType: 'https://slsa.dev/provenance/v1', predicate: {} },
      version: undefined,
    },
  ])('$what: $version', ({ of, version }) => {
    expect(provenVersion(of)).toBe(version)
  })
})
