import { describe, expect, it } from 'vitest'
import {
  checkRunIdentity,
  deploymentEvents,
  type ExpectedRun,
  type RunClaims,
} from '../../../src/domain/policy/run-identity.ts'

const claims: RunClaims = {
  repositoryId: 99,
  repository: 'acme/shop',
  ownerId: 7,
  runId: 1234,
  runAttempt: 1,
  eventName: 'workflow_dispatch',
  ref: 'refs/heads/main',
  refProtected: true,
  workflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
  jobWorkflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
  environment: 'production',
  sha: 'a'.repeat(40),
  actorId: 42,
  actor: 'alice',
  runnerEnvironment: 'github-hosted',
}
const expected: ExpectedRun = {
  repositoryId: 99,
  ownerId: 7,
  workflow: '.github/workflows/ringway.yml',
  defaultBranch: 'main',
  events: deploymentEvents,
  environment: 'production',
  runId: 1234,
}

describe('a run is the one that was expected', () => {
  it.each<{ what: string; came?: Partial<RunClaims>; wanted?: Partial<ExpectedRun> }>([
    { what: 'when everything is as expected' },
    {
      what: 'whatever case the name of its repository is written in',
      came: {
        repository: 'Acme/Shop',
        workflowRef: 'Acme/shop/.github/workflows/ringway.yml@refs/heads/main',
        jobWorkflowRef: undefined,
      },
    },
    { what: 'where GitHub names no reusable workflow', came: { jobWorkflowRef: undefined } },
    {
      what: 'in the reusable workflow that was declared',
      came: { jobWorkflowRef: 'acme/pipelines/.github/workflows/deploy.yml@refs/tags/v1' },
      wanted: { jobWorkflowRef: 'acme/pipelines/.github/workflows/deploy.yml@refs/tags/v1' },
    },
    { what: 'on any runner where none is asked for', came: { runnerEnvironment: 'self-hosted' } },
    {
      what: 'as a build, in no environment',
      came: { eventName: 'push', environment: undefined },
      wanted: { events: ['push'], environment: undefined, runId: undefined },
    },
  ])('$what', ({ came, wanted }) => {
    expect(checkRunIdentity({ ...claims, ...came }, { ...expected, ...wanted })).toEqual({ kind: 'ok' })
  })
})

describe('a run is refused', () => {
  it.each<{ what: string; came: Partial<RunClaims>; wanted?: Partial<ExpectedRun>; words: string }>([
    { what: 'of another repository', came: { repositoryId: 98 }, words: 'of repository 98, expected 99' },
    {
      what: 'of a repository that has the name of ours and another owner',
      came: { ownerId: 8 },
      words: 'of the owner 8, expected 7',
    },
    {
      what: 'E90: without an environment',
      came: { environment: undefined },
      words: 'environment none, expected production',
    },
    { what: 'E90: of another environment', came: { environment: 'staging' }, words: 'staging, expected production' },
    {
      what: 'E91: started by pull_request_target',
      came: { eventName: 'pull_request_target' },
      words: 'started by pull_request_target, expected workflow_dispatch',
    },
    { what: 'E91: started by pull_request', came: { eventName: 'pull_request' }, words: 'started by pull_request,' },
    { what: 'E91: started by a fork', came: { eventName: 'fork' }, words: 'started by fork,' },
    {
      what: 'of another branch',
      came: { workflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/heads/feature' },
      words: '@refs/heads/feature, expected',
    },
    {
      what: 'of a branch whose name only begins as the default one',
      came: { workflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main-evil' },
      words: 'main-evil, expected',
    },
    {
      what: 'of a tag named as the default branch',
      came: { workflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/tags/main' },
      words: 'refs/tags/main, expected',
    },
    {
      what: 'of another file',
      came: { workflowRef: 'acme/shop/.github/workflows/other.yml@refs/heads/main' },
      words: 'other.yml@refs/heads/main, expected',
    },
    {
      what: 'of a file of the same name elsewhere',
      came: { workflowRef: 'acme/other/.github/workflows/ringway.yml@refs/heads/main' },
      words: 'acme/other',
    },
    {
      what: 'whose job is in a reusable workflow that nobody declared',
      came: { jobWorkflowRef: 'mallory/x/.github/workflows/deploy.yml@refs/heads/main' },
      words: 'whose job is in mallory/x',
    },
    { what: 'that is another one than was dispatched', came: { runId: 1235 }, words: 'with id 1235, expected 1234' },
    {
      what: '82: on a runner of its own where a hosted one is asked for',
      came: { runnerEnvironment: 'self-hosted' },
      wanted: { runner: 'github-hosted' },
      words: 'self-hosted, expected github-hosted',
    },
  ])('$what', ({ came, wanted, words }) => {
    expect(checkRunIdentity({ ...claims, ...came }, { ...expected, ...wanted })).toEqual({
      kind: 'refused',
      code: 'unauthorised_run',
      words: expect.stringContaining(words),
    })
  })
})
