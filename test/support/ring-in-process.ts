import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Promotion } from '../../src/domain/promotion.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import type { RingKey } from '../../src/domain/ring-key.ts'
import { commitSha } from '../../src/domain/units.ts'
import { hearComment } from '../../src/engine/commands/hear-comment.ts'
import { performLane } from '../../src/engine/effects/perform-lane.ts'
import type { ControlTransaction, StoredEvent } from '../../src/ports/control-store.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import { type AppInProcess, openAppInProcess } from './app-in-process.ts'
import { artifactOf, deploymentOf, promotionOf } from './control-records.ts'
import { digestOf } from './ring-records.ts'
import { tinyRingFile } from './tiny-solution.ts'

/** The ring dev of the solution shop, with the App's parts in this process. */
export interface RingInProcess extends AppInProcess {
  readonly ring: RingKey
  /** In one transaction of the tenant. */
  run<T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T>
  /** A version with its promotion and its deployment; one that is active is what the ring points to. */
  place(version: number, rest?: Partial<RingDeployment>, asked?: Partial<Promotion>): Promise<RingDeployment>
  /** Opens an issue; @returns its number */
  issue(title: string): Promise<number>
  /** Has a comment of Alice heard. */
  say(issue: number, body: string, by?: Account): Promise<void>
  /** Performs everything that is wanted on GitHub. */
  perform(): Promise<void>
  /** The sticky comment of an issue. */
  sticky(issue: number): string
  events(type?: string): Promise<readonly StoredEvent[]>
}

/** @param lines - of YAML at the ring's own indentation; `file`: what follows the solutions in the ring file */
export async function openRingInProcess(lines: readonly string[], file = ''): Promise<RingInProcess> {
  const app = await openAppInProcess({ events: ['issue_comment'] })
  const { rehearsed, key, control } = app
  await mkdir(join(rehearsed.clone, '.github'))
  await writeFile(
    join(rehearsed.clone, '.github/rings.yml'),
    `${tinyRingFile({ shop: [{ name: 'dev', lines }] })}${file}`,
  )
  await rehearsed.git('add', '--all')
  await rehearsed.git('commit', '--quiet', '-m', 'rings')
  await rehearsed.git('push', '--quiet', 'origin', 'main')
  const commit = commitSha(await rehearsed.git('rev-parse', 'HEAD'))
  const ring: RingKey = { ...key, solution: 'shop', ring: 'dev' }
  const run: RingInProcess['run'] = work => control.store.transaction(key, work)
  const post = async (by: Account, route: string, body: unknown): Promise<unknown> =>
    (await rehearsed.as(by)(`POST /repos/acme/shop/${route}`, body)).body
  return {
    ...app,
    ring,
    run,
    place: (version, rest = {}, asked = {}) =>
      run(async tx => {
        const digest = digestOf(version)
        const id = `p-${version}-${rest.ends ?? 0}`
        const candidate = { version, digest, commit }
        await tx.rings.lock(ring, 'dev')
        await tx.artifacts.put(artifactOf(ring, { version, digest, content: digestOf(version + 100), commit }))
        await tx.promotions.add(promotionOf(ring, { id, candidate, state: 'dispatched', ...asked }))
        const draft = deploymentOf(ring, { version, digest, commit, promotion: id, ...rest })
        const deployment = { ...draft, id: await tx.deployments.add(draft) }
        const promotion = await tx.promotions.read(id)
        if (promotion !== undefined) await tx.promotions.save({ ...promotion, deployment: deployment.id })
        if (deployment.state === 'active') {
          const revision = ((await tx.rings.read(ring))?.pointer.revision ?? 0) + 1
          await tx.rings.point(ring, { name: 'dev', deployment: deployment.id, revision })
        }
        return deployment
      }),
    issue: async title => Number(Reflect.get(Object(await post(rehearsed.alice, 'issues', { title })), 'number')),
    say: async (issue, body, by = rehearsed.alice) => {
      const comment = Number(Reflect.get(Object(await post(by, `issues/${issue}/comments`, { body })), 'id'))
      const author = { id: by.id, login: by.login, kind: 'user' } as const
      const createdAt = await run(async tx => tx.now)
      const isPullRequest = rehearsed.repository.issues.get(issue)?.pull !== null
      await hearComment(control, { ...key, issue, isPullRequest, comment, body, author, app: undefined, createdAt })
    },
    perform: async () => {
      const lanes = await run(tx => tx.effects.openLanes(key.repository))
      for (const lane of lanes) await performLane(control, { tenant: key.tenant, lane })
    },
    sticky: issue => {
      const comments = rehearsed.repository.issues.get(issue)?.comments ?? []
      return comments.findLast(comment => comment.app?.id === app.app.app.id)?.body ?? ''
    },
    events: type => run(tx => tx.events.list({ ...(type === undefined ? {} : { type }), limit: 200 })),
  }
}
