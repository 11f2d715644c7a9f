import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkDirectory } from '../../../src/adapters/fs/work-directory.ts'
import { createArtifacts } from '../../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import { readRingFile } from '../../../src/config/read-ring-file.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import type { RunClaim } from '../../../src/domain/run-protocol.ts'
import { commitSha, epochMs, type Sha256Digest } from '../../../src/domain/units.ts'
import type { AssignmentPorts, RunMemory } from '../../../src/engine/run/assignment-ports.ts'
import type { CheckOutcome } from '../../../src/ports/check-runner.ts'
import type { Placement, TargetOutcome } from '../../../src/ports/target.ts'
import { writeTree } from '../../support/published-tree.ts'
import {
  type KeptDeployment,
  openSmallControlPlane,
  type SmallControlPlane,
} from '../../support/small-control-plane.ts'

const ringFile = `version: 1
solutions:
  shop:
    path: shop
    components: { app: { kind: code, exec: ./run.sh } }
    rings:
      dev:
        environment: shop-dev
        deploy: { target: command, run: ./deploy.sh, activate: ./go.sh, rollback: ./back.sh }
        checks: [ { http: /healthz }, { run: ./check.sh } ]
`

/** What the target was told, or a check was asked, in order: `place v2`. */
type Deed = 'place' | 'activate' | 'restore' | 'remove' | 'http' | 'run'

/** Decides how a deed ends, and may do other things first. */
type Rule = (deed: Deed, placement: Placement) => 'ok' | 'fail' | Promise<'ok' | 'fail'>

/** An App, a store with v1, v2 and v3 of `shop`, and a target that remembers. */
export interface RunBench extends AsyncDisposable {
  readonly app: SmallControlPlane
  readonly ports: AssignmentPorts
  readonly digests: Readonly<Record<1 | 2 | 3, Sha256Digest>>
  readonly deeds: string[]
  readonly placements: Placement[]
  /** What the post step would find. */
  memory: RunMemory | undefined
  /** The version that has the traffic. */
  serving: string | undefined
  cancelled: boolean
  ringFile: string
  rule(next: Rule): void
  /** Cuts the App off from this report on, which it still gets or does not get. */
  loseApp(from: { readonly event: string; readonly got?: boolean }): void
  /** A deployment that the App lets go ahead, with the claim of its run. */
  authorise(version: 1 | 2 | 3, instead?: Partial<KeptDeployment>): { deployment: KeptDeployment; claim: RunClaim }
}

export async function openRunBench(): Promise<RunBench> {
  const root = await mkdtemp(join(tmpdir(), 'ringway-run-'))
  const app = openSmallControlPlane()
  const artifacts = createArtifacts(openBlobStore({ location: `oci-layout:${join(root, 'store')}` }))
  const publish = async (name: string): Promise<Sha256Digest> => {
    const tree = await writeTree(join(root, name), { 'run.sh': { content: `echo ${name}\n`, executable: true } })
    const config = { repository: { COLOUR: 'red', SIZE: 1 }, solution: {}, rings: { dev: { SIZE: 2 } } }
    const { artifact } = await artifacts.publish({ ...tree, manifest: { ...tree.manifest, solution: 'shop', config } })
    return artifact.digest
  }
  const digests = { 1: await publish('v1'), 2: await publish('v2'), 3: await publish('v3') }
  const work = openWorkDirectory(join(root, 'work'))
  let rule: Rule = () => 'ok'
  let lost: { readonly event: string; readonly got: boolean } | undefined
  let gone = false

  const deed = async (name: Deed, placement: Placement): Promise<boolean> => {
    bench.deeds.push(`${name} ${placement.version || 'draft'}`)
    bench.placements.push(placement)
    return (await rule(name, placement)) === 'ok'
  }
  const target = (name: Deed, serve: (placement: Placement) => string | undefined) => {
    return async (_: unknown, placement: Placement): Promise<TargetOutcome> => {
      if (!(await deed(name, placement))) return { kind: 'failed', words: `${name} ended with 1`, evidence: 'no room' }
      bench.serving = serve(placement)
      return { kind: 'done', url: name === 'place' || name === 'restore' ? urlOf(placement) : undefined }
    }
  }
  const bench: RunBench = {
    app,
    digests,
    deeds: [],
    placements: [],
    memory: undefined,
    serving: undefined,
    cancelled: false,
    ringFile,
    rule: next => {
      rule = next
    },
    loseApp({ event, got = false }) {
      lost = { event, got }
    },
    authorise(version, instead = {}) {
      const deployment = app.authorise({
        githubDeployment: 100 + app.deployments.length,
        promotion: `p-${app.deployments.length + 1}`,
        task: 'place',
        solution: 'shop',
        ring: 'dev',
        environment: 'shop-dev',
        version,
        digest: digests[version],
        organisation: { COLOUR: 'blue', OWNER: 'acme' },
        ...instead,
      })
      const command = deployment.task === 'restore' ? 'rollback' : 'deploy'
      const { environment, promotion } = deployment
      return { deployment, claim: { command, environment, promotion, artifact: undefined, reason: undefined } }
    },
    ports: {
      control: {
        ...app,
        async report(report) {
          const isLast = report.event === lost?.event
          if (isLast && lost?.got === true) await app.report(report)
          gone ||= isLast
          if (gone) throw unreachable()
          return await app.report(report)
        },
      },
      remember: memory => {
        bench.memory = memory
      },
      run: {
        id: 7,
        attempt: 1,
        url: 'https://github.com/acme/shop/actions/runs/7',
        event: 'workflow_dispatch',
        actor: 'ada',
        commit: commitSha('a'.repeat(40)),
        ref: 'refs/heads/main',
        workflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
        fork: false,
      },
      isCancelled: () => bench.cancelled,
      clock: { now: () => epochMs(0), sleep: async () => {} },
      journal: { say: () => {}, problem: () => {} },
      work,
      artifacts,
      repository: {
        fullName: 'acme/shop',
        defaultBranch: async () => 'main',
        readText: async () => bench.ringFile,
        readOrganisationText: async () => {
          throw new Error('the organisation is in the assignment')
        },
      },
      ringFilePath: '.github/rings.yml',
      readRingFile: async (text, path) => readRingFile(text, path),
      target: {
        place: target('place', () => bench.serving),
        activate: target('activate', ({ version }) => version),
        restore: target('restore', ({ version }) => version),
        remove: target('remove', () => undefined),
      },
      checkRunner: {
        async run(check, { placement }): Promise<CheckOutcome> {
          const passed = await deed(check.kind, placement)
          const kind = passed ? 'passed' : 'failed'
          return {
            kind,
            words: `${check.kind} ${kind}`,
            evidence: passed ? '' : 'answered 500',
            attempts: 1,
            tookMs: 3,
          }
        },
      },
    },
    async [Symbol.asyncDispose]() {
      work.close()
      await rm(root, { recursive: true })
    },
  }
  return bench
}

function urlOf({ version }: Placement): string {
  return `https://${version}.shop.example`
}

function unreachable(): RingwayError {
  const message = 'The App could not be asked.'
  return new RingwayError({ code: 'app_unreachable', kind: 'errored', message, remedy: 'Re-run the job.' })
}
