import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentAttempt } from '../../src/sandbox/actions/runs/workflow-run.ts'
import type { ApiExchange } from '../../src/sandbox/api/observation.ts'
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import { type ShopClone, writeShop } from './shop.ts'

/** What promotions cost, as `GET /repos/{owner}/{repo}/…`, in order. */
export interface PromotionCalls {
  /** By the run of the ring before, once its own version is active: the gates asked, the Deployment opened, the run dispatched. */
  readonly sendingOn: readonly string[]
  /** By the run that was dispatched: the gates asked again, the version placed, what it displaces superseded. */
  readonly placing: readonly string[]
  /** By a run that a person started: the same without anything before it. */
  readonly byHand: readonly string[]
}

const root = join(import.meta.dirname, '..', '..')
const ring = 'staging'

/**
 * Counts GitHub API calls of promotions from dev into staging, which asks for everything: order, soak, required checks, a window, reviewers
 * and no quarantine. Others came before, so that there is a version to supersede and history to read.
 */
export async function countPromotionCalls(): Promise<PromotionCalls> {
  const directory = await mkdtemp(join(tmpdir(), 'ringway-bench-calls-'))
  const exchanges: ApiExchange[] = []
  const sandbox = await openSandbox({
    directory,
    actions: { 'ringway/ringway': root },
    machineVariables: { RINGWAY_STORE: `oci-layout:${join(directory, 'store')}` },
    observe: one => {
      if (one.kind === 'api') exchanges.push(one)
    },
  })
  try {
    const work = await openWork(sandbox, join(directory, 'clone'))
    for (const content of ['one', 'two']) await push(work, content)
    exchanges.length = 0
    await push(work, 'three')
    const sentOn = splitCalls(exchanges)
    exchanges.length = 0
    await start(work, 'v2')
    return { ...sentOn, byHand: routesOf(exchanges.slice(1)) }
  } finally {
    await sandbox.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Work {
  readonly sandbox: Sandbox
  readonly repository: Repository
  readonly shop: ShopClone
  /** Asks GitHub as a person. */
  ask(route: string, body: unknown): Promise<void>
}

async function openWork(sandbox: Sandbox, clone: string): Promise<Work> {
  const alice = sandbox.addUser('alice')
  const owner = sandbox.addOrganization('acme', [{ account: alice, role: 'admin' }])
  const collaborators = [{ account: alice, role: 'admin' as const }]
  const repository = await sandbox.createRepository({ owner, name: 'shop', collaborators })
  const ask = (route: string, body: unknown): Promise<void> => askAs(sandbox, { who: alice, route, body })
  await ask(`PUT /environments/${ring}`, { reviewers: [{ type: 'User', id: alice.id }] })
  const shop = await writeShop(clone, sandbox.cloneUrl(repository, sandbox.tokenOf(alice)))
  return { sandbox, repository, shop, ask }
}

async function askAs(
  sandbox: Sandbox,
  asked: { readonly who: Account; readonly route: string; readonly body: unknown },
): Promise<void> {
  const [method = '', path = ''] = asked.route.split(' ')
  const answer = await fetch(`${sandbox.apiUrl}/repos/acme/shop${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.tokenOf(asked.who)}`, 'content-type': 'application/json' },
    body: JSON.stringify(asked.body),
  })
  if (!answer.ok) throw new Error(`${asked.route} was answered ${answer.status}: ${await answer.text()}`)
}

/** A version that goes through both rings by itself, but for the reviewers. */
async function push(work: Work, content: string): Promise<void> {
  const { shop } = work
  const commit = await shop.commit(content)
  // The commit has its verdict before any ring asks for it.
  await shop.push('next')
  await work.ask(`POST /statuses/${commit}`, { state: 'success', context: 'tests' })
  await shop.push('main')
  await followRuns(work)
}

async function start(work: Work, artifact: string): Promise<void> {
  await work.ask('POST /actions/workflows/ringway.yml/dispatches', {
    ref: 'main',
    inputs: { command: 'deploy', environment: ring, artifact },
  })
  await followRuns(work)
}

/** Approves what waits for reviewers, until nothing is going on. */
async function followRuns({ sandbox, repository, ...person }: Work): Promise<void> {
  const { runs } = sandbox.actions
  for (;;) {
    await runs.settled()
    const open = runs.of(repository).filter(run => currentAttempt(run).status !== 'completed')
    const waiting = open.find(run => currentAttempt(run).status === 'waiting')
    if (waiting !== undefined) {
      await person.ask(`POST /actions/runs/${waiting.id}/pending_deployments`, {
        environment_ids: [repository.environments.get(ring)?.id],
        state: 'approved',
        comment: 'reviewed',
      })
    } else if (open[0] !== undefined) await runs.completed(open[0])
    else break
  }
  const failed = runs.of(repository).find(run => currentAttempt(run).conclusion !== 'success')
  if (failed === undefined) return
  throw new Error(
    currentAttempt(failed)
      .jobs.map(job => job.log.text())
      .join('\n'),
  )
}

/** The build, and the ring before until its version is active, are no part of the promotion. */
function splitCalls(exchanges: readonly ApiExchange[]): Pick<PromotionCalls, 'sendingOn' | 'placing'> {
  const dispatches = exchanges.flatMap(({ template }, at) => (template.endsWith('/dispatches') ? [at] : []))
  const sent = dispatches.at(-1) ?? 0
  const activeBefore = exchanges.findLastIndex(
    ({ template, requestBody }, at) =>
      at < sent && template.endsWith('/statuses') && Reflect.get(Object(requestBody), 'state') === 'inactive',
  )
  if (dispatches.length !== 2 || activeBefore < 0) {
    throw new Error(`This was no promotion: ${routesOf(exchanges).join(', ')}`)
  }
  return {
    sendingOn: routesOf(exchanges.slice(activeBefore + 1, sent + 1)),
    placing: routesOf(exchanges.slice(sent + 1)),
  }
}

/** Without the reviews, which are calls of people. */
function routesOf(exchanges: readonly ApiExchange[]): readonly string[] {
  return exchanges
    .map(({ method, template }) => `${method} ${template}`)
    .filter(route => !route.endsWith('/pending_deployments'))
}
