import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentAttempt } from '../../src/sandbox/actions/runs/workflow-run.ts'
import type { ApiExchange } from '../../src/sandbox/api/observation.ts'
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import { type ShopClone, writeShop } from './shop.ts'

/** What one promotion cost, as `GET /repos/{owner}/{repo}/…`, in order. */
export interface PromotionCalls {
  /** By the run of the ring before, once its own version is active: the gates asked, the Deployment opened, the run dispatched. */
  readonly sendingOn: readonly string[]
  /** By the run that was dispatched: the gates asked again, the version placed, what it displaces superseded. */
  readonly placing: readonly string[]
}

const root = join(import.meta.dirname, '..', '..')
const ring = 'staging'

/**
 * Counts GitHub API calls of a promotion from dev into staging, which asks for everything: order, soak, required checks, a window, reviewers
 * and no quarantine. It is the third one, so that there is a version to supersede and history to read.
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
    const alice = sandbox.addUser('alice')
    const owner = sandbox.addOrganization('acme', [{ account: alice, role: 'admin' }])
    const collaborators = [{ account: alice, role: 'admin' as const }]
    const repository = await sandbox.createRepository({ owner, name: 'shop', collaborators })
    const people = peopleOf(sandbox, alice)
    await people.ask(`PUT /environments/${ring}`, { reviewers: [{ type: 'User', id: alice.id }] })
    const shop = await writeShop(join(directory, 'clone'), sandbox.cloneUrl(repository, sandbox.tokenOf(alice)))
    const work = { sandbox, repository, shop, people }
    for (const content of ['one', 'two']) await promote(work, content)
    exchanges.length = 0
    await promote(work, 'three')
    return splitCalls(exchanges)
  } finally {
    await sandbox.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Work {
  readonly sandbox: Sandbox
  readonly repository: Repository
  readonly shop: ShopClone
  readonly people: People
}

/** Pushes a version and approves what waits for reviewers, until it is active in the ring. */
async function promote({ sandbox, repository, shop, people }: Work, content: string): Promise<void> {
  const { runs } = sandbox.actions
  const commit = await shop.commit(content)
  // The commit has its verdict before any ring asks for it.
  await shop.push('next')
  await people.ask(`POST /statuses/${commit}`, { state: 'success', context: 'tests' })
  await shop.push('main')
  for (;;) {
    await runs.settled()
    const open = runs.of(repository).filter(run => currentAttempt(run).status !== 'completed')
    const waiting = open.find(run => currentAttempt(run).status === 'waiting')
    if (waiting !== undefined) await people.approve(waiting.id, repository.environments.get(ring)?.id)
    else if (open[0] !== undefined) await runs.completed(open[0])
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

interface People {
  /** Asks GitHub as a person. */
  ask(route: string, body: unknown): Promise<void>
  approve(run: number, environment: number | undefined): Promise<void>
}

function peopleOf(sandbox: Sandbox, account: Account): People {
  const people: People = {
    async ask(route, body) {
      const [method = '', path = ''] = route.split(' ')
      const answer = await fetch(`${sandbox.apiUrl}/repos/acme/shop${path}`, {
        method,
        headers: { authorization: `Bearer ${sandbox.tokenOf(account)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`${route} was answered ${answer.status}: ${await answer.text()}`)
    },
    approve: (run, environment) =>
      people.ask(`POST /actions/runs/${run}/pending_deployments`, {
        environment_ids: [environment],
        state: 'approved',
        comment: 'reviewed',
      }),
  }
  return people
}

/** What people did and what the build and the ring before did is no part of the promotion. */
function splitCalls(exchanges: readonly ApiExchange[]): PromotionCalls {
  const routes = exchanges.map(({ method, template }) => `${method} ${template}`)
  const dispatches = routes.flatMap((route, at) => (route.endsWith('/dispatches') ? [at] : []))
  const sent = dispatches.at(-1)
  const activeBefore = exchanges.findLastIndex(
    ({ template, requestBody }, at) =>
      at < (sent ?? 0) && template.endsWith('/statuses') && Reflect.get(Object(requestBody), 'state') === 'inactive',
  )
  if (sent === undefined || dispatches.length !== 2 || activeBefore < 0) {
    throw new Error(`This was no promotion: ${routes.join(', ')}`)
  }
  return {
    sendingOn: routes.slice(activeBefore + 1, sent + 1),
    placing: routes.slice(sent + 1).filter(route => !route.endsWith('/pending_deployments')),
  }
}
