import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import * as z from 'zod'
import { auditedTenants, verifyAuditLog } from '../../src/adapters/postgres/audit-log.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { secretIn } from '../../src/domain/secret-pattern.ts'
import { currentAttempt } from '../../src/sandbox/actions/runs/workflow-run.ts'
import { isSuccess } from '../../src/sandbox/webhooks/delivery.ts'
import type { AppProcess, ControlBench } from './control-bench.ts'
import { leakedSecrets } from './leaked-secrets.ts'

/** What was to hold whatever went wrong. */
export interface Judged {
  readonly bench: ControlBench
  /** The App's. */
  readonly database: Database
  /** Every replica. @default the one of the bench */
  readonly apps?: readonly AppProcess[]
}

/**
 * Expects what every fault must leave as it is: I1 to I4 and I6 to I8 of `docs/development.md`, once {@link settled} says that all has ended.
 */
export async function expectInvariants(judged: Judged): Promise<void> {
  const { bench, database, apps = [bench.app] } = judged
  await settled(judged)
  expect(await unfinished(database), 'I8: everything ends').toEqual([])
  expect(await lostDeliveries(bench, database), 'I1: what was accepted is handled').toEqual([])
  expect(doubledOnGithub(bench), 'I2: everything is done once').toEqual([])
  expect(await unboundOrders(bench, database), 'I3: what runs is what was bound').toEqual([])
  expect(await badPointers(database), 'I4: a ring has one that is active').toEqual([])
  for (const tenant of await auditedTenants(database)) {
    expect(await verifyAuditLog(database, tenant), 'I6: the audit log is whole').toMatchObject({ kind: 'whole' })
  }
  expect(await leaks(bench, apps), 'I7: no secret is shown').toEqual([])
}

/** Resolves once all that was begun has ended, or at the end of the time that it has for it. */
async function settled({ bench, database }: Judged, within = 180_000): Promise<void> {
  await bench.quiet()
  await bench
    .until(async () => (await unfinished(database)).length === 0, 'that everything ends', within)
    .catch(() => undefined)
}

/** How everything stands, for whoever reads a failed test. */
export async function tellStanding({ bench, database }: Judged): Promise<string> {
  const promotions = await database.query(
    lines,
    `select ring || ' ' || state || ': ' || coalesce(end_words, '') as line from promotion order by seq`,
  )
  const failed = bench.sandbox.webhooks.deliveries.filter(one => !isSuccess(one))
  const stickies = [...bench.repository.issues.keys()].map(issue => bench.sticky(issue))
  return [
    ...(await unfinished(database)),
    ...promotions.map(({ line }) => line),
    ...failed.map(({ guid, event, outcome }) => `${event} ${guid} ${JSON.stringify(outcome)}`),
    ...stickies,
  ].join('\n')
}

const lines = z.object({ line: z.string() })

/** What has neither ended nor waits with a reason. */
async function unfinished(database: Database): Promise<readonly string[]> {
  const sql = `
    select 'delivery ' || guid || ' ' || event as line from inbox where outcome is null
    union all select 'effect ' || key || ' ' || state || ' ' || effect::text from effect where state in ('wanted', 'begun')
    union all select 'deployment ' || id || ' ' || state from deployment
      where state not in ('active', 'failed', 'rolled_back', 'superseded')
    union all select 'promotion ' || id || ' ' || state from promotion
      where state in ('requested', 'authorised', 'dispatched') or (state = 'gated' and end_reason is null)
    union all select 'work ' || name || ' ' || coalesce(singleton_key, '') || ' ' || state::text from ${database.schema}_queue.job
      where state < 'completed' and start_after < now() + interval '30 seconds' and name not like '%sweep%' and name not like '\\_\\_%'
        and name <> 'repository'`
  return (await database.query(lines, sql)).map(({ line }) => line)
}

async function lostDeliveries(bench: ControlBench, database: Database): Promise<readonly string[]> {
  const kept = await database.query(
    z.object({ guid: z.string(), outcome: z.string().nullable(), conflicts: z.number() }),
    'select guid, outcome, conflicts from inbox',
  )
  const outcomes = new Map(kept.map(({ guid, outcome, conflicts }) => [guid, conflicts > 0 ? 'conflict' : outcome]))
  const accepted = bench.sandbox.webhooks.deliveries.filter(one => isSuccess(one) && one.event !== 'ping')
  return accepted.flatMap(({ guid, event }) => {
    const outcome = outcomes.get(guid)
    return outcome === 'handled' || outcome === 'ignored' ? [] : [`${event} ${guid}: ${outcome ?? 'not there'}`]
  })
}

/** One GitHub Deployment and one run for each promotion, each state told once, one comment, one answer of ours to each job that waits. */
function doubledOnGithub({ repository, runs, appId }: ControlBench): readonly string[] {
  const { deployments, issues } = repository
  const dispatched = runs.of(repository).filter(run => run.trigger.event === 'workflow_dispatch')
  return [
    ...twice(deployments, one => {
      const promotion = Reflect.get(Object(one.payload), 'promotion')
      return typeof promotion === 'string' ? `deployment of ${promotion}` : undefined
    }),
    ...twice(dispatched, run => `run ${run.displayTitle}`),
    ...deployments.flatMap(({ id, statuses }) =>
      twice(statuses, one => `deployment ${id}: ${one.state} ${one.description}`),
    ),
    ...[...issues.values()].flatMap(issue =>
      twice(
        issue.comments.filter(comment => comment.app?.id === appId),
        () => `comment on ${issue.number}`,
      ),
    ),
    ...dispatched.flatMap(run =>
      twice(
        currentAttempt(run).reviews,
        one => `${one.state} by ${one.user.login} of ${run.id} in ${one.environments.join(', ')}`,
      ),
    ),
  ]
}

function twice<T>(all: readonly T[], nameOf: (one: T) => string | undefined): readonly string[] {
  const times = Map.groupBy(all, one => nameOf(one) ?? '')
  return [...times].flatMap(([name, { length }]) => (name !== '' && length > 1 ? [`${length} × ${name}`] : []))
}

/** Every order to the machine is about the digest that its promotion was bound to. */
async function unboundOrders(bench: ControlBench, database: Database): Promise<readonly string[]> {
  const bound = await database.query(
    z.object({ run: z.number(), digests: z.array(z.string()) }),
    `select run, array_agg(distinct digest) || array_agg(distinct replaced) as digests from (
       select deployment.run, deployment.digest, coalesce(other.digest, deployment.digest) as replaced
       from deployment left join deployment as other on other.id = coalesce(deployment.ends, deployment.replaces)
       where deployment.run is not null) as orders group by run`,
  )
  const digests = new Map(bound.map(one => [one.run, one.digests]))
  const orders = bench.machine.calls.filter(call => call.verb === 'deploy' || call.verb === 'activate')
  return orders.flatMap(({ verb, environment, version, digest, runId }) =>
    digests.get(runId)?.includes(digest) === true
      ? []
      : [`${verb} ${version} in ${environment} by run ${runId}: ${digest}`],
  )
}

const told = z.object({ type: z.string(), ring: z.string(), deployment: z.number().nullable() })

/** The pointer names the one that is active; replayed, no ring ever had two but within the transaction that moves it. */
async function badPointers(database: Database): Promise<readonly string[]> {
  const now = await database.query(
    lines,
    `select ring.ring || ' points to ' || ring.deployment || ', which is ' || deployment.state as line
     from ring join deployment on deployment.id = ring.deployment where deployment.state <> 'active'
     union all select 'active and not pointed to: ' || id from deployment
       where state = 'active' and not exists (select 1 from ring where ring.deployment = deployment.id)`,
  )
  const history = await database.query(
    told,
    `select type, solution || '/' || ring as ring, deployment from event where type like 'deployment.%' order by seq`,
  )
  const problems: string[] = []
  const active = new Map<string, Set<number>>()
  for (const { type, ring, deployment } of history) {
    if (deployment === null) continue
    const its = active.get(ring) ?? new Set<number>()
    active.set(ring, its)
    if (its.size > 1 && type === 'deployment.active') problems.push(`${ring}: a third became active: ${deployment}`)
    if (type === 'deployment.active') its.add(deployment)
    else its.delete(deployment)
  }
  for (const [ring, its] of active) if (its.size > 1) problems.push(`${ring}: ${its.size} stayed active`)
  return [...now.map(({ line }) => line), ...problems]
}

/** In the logs of the App and its database, on GitHub, in the logs of jobs, in artifacts. */
async function leaks(bench: ControlBench, apps: readonly AppProcess[]): Promise<readonly string[]> {
  const { repository } = bench
  const comments = [...repository.issues.values()].flatMap(({ comments }) => comments.map(({ body }) => body))
  const statuses = repository.deployments.flatMap(one => one.statuses.map(({ description }) => description))
  const texts = [...apps.flatMap(app => [JSON.stringify(app.log()), app.words()]), ...comments, ...statuses]
  for (const file of await logsOf(bench.data)) texts.push(await readFile(file, 'utf8'))
  const found = texts.flatMap(text => {
    const own = bench.secrets.filter(secret => text.includes(secret)).map(() => 'a secret of the App')
    const known = text.split(/\n|\\n|","/).flatMap(line => secretIn(line) ?? [])
    return [...own, ...known]
  })
  return [...found, ...(await leakedSecrets(bench))]
}

async function logsOf(data: string): Promise<readonly string[]> {
  const names = await readdir(data, { recursive: true }).catch(() => [])
  const logs = names.filter(name => name.endsWith('.log')).map(name => join(data, name))
  const there = await Promise.all(logs.map(async path => ((await stat(path)).isFile() ? [path] : [])))
  return there.flat()
}
