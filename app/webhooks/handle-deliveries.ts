import type { GithubApp } from '../../src/adapters/github/github-app.ts'
import { webhookPayloads as payloads } from '../../src/adapters/github/webhooks/webhook-payloads.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import { hearComment } from '../../src/engine/commands/hear-comment.ts'
import { pressButton } from '../../src/engine/commands/press-button.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import { meetJob } from '../../src/engine/enforcement/meet-job.ts'
import { takeReview } from '../../src/engine/enforcement/take-review.ts'
import { noteHead } from '../../src/engine/facts/note-head.ts'
import { noteRunEnded } from '../../src/engine/facts/note-run-ended.ts'
import { noteStatus } from '../../src/engine/facts/note-status.ts'
import { releaseLocks } from '../../src/engine/facts/release-locks.ts'
import { wakeCommit, wakeRepository } from '../../src/engine/facts/wake-commit.ts'
import { learnRepositories } from '../../src/engine/tenants/learn-repositories.ts'
import type { Inbox } from '../../src/ports/inbox.ts'
import type { Installations } from '../../src/ports/installations.ts'
import type { SweepAgenda } from '../../src/ports/sweep-agenda.ts'
import { type DeliveryHandlers, handling } from './handlers.ts'

/** What handling deliveries needs. */
export interface DeliveryParts {
  readonly control: ControlPorts
  readonly installations: Installations
  readonly app: Pick<GithubApp, 'forget' | 'identity'>
  readonly inbox: Pick<Inbox, 'read'>
  readonly agenda: SweepAgenda
}

/** What is done about each event. Each only says which fact changed, and to which use case that matters. */
export function deliveryHandlers({ control, installations, app, inbox, agenda }: DeliveryParts): DeliveryHandlers {
  const learn = async (tenant: number): Promise<void> => {
    app.forget(tenant)
    await learnRepositories({ store: control.store, installations }, tenant)
  }
  return {
    'issue_comment.created': handling(payloads.issue_comment, async ({ issue, comment, ...origin }) => {
      const key = keyOf(origin)
      const { author } = comment
      if (key === undefined || author === undefined) return
      await hearComment(control, {
        ...key,
        issue: issue.number,
        isPullRequest: issue.isPullRequest,
        comment: comment.id,
        body: comment.body,
        author: { id: author.id, login: author.login, kind: author.type === 'User' ? 'user' : 'bot' },
        app: comment.app,
        createdAt: comment.createdAt,
      })
    }),
    'check_run.requested_action': handling(
      payloads.check_run,
      async ({ checkRun, button, sender, ...origin }, guid) => {
        const key = keyOf(origin)
        if (key === undefined || button === undefined || sender === undefined) return
        if (checkRun.app?.id !== control.self.id) return
        const person = { id: sender.id, login: sender.login }
        const { id, externalId: promotion } = checkRun
        await pressButton(control, { ...key, checkRun: id, promotion, button, person, delivery: guid })
      },
    ),
    deployment_protection_rule: handling(payloads.deployment_protection_rule, async ({ action, ...told }) => {
      const key = keyOf(told)
      if (key === undefined || action !== 'requested') return
      await meetJob(control, {
        ...key,
        run: told.run,
        environment: told.environment,
        githubDeployment: told.deployment.id,
      })
    }),
    deployment_status: handling(payloads.deployment_status, async ({ deployment, status, ...origin }) => {
      const key = keyOf(origin)
      if (key === undefined || status.creator?.login === (await app.identity()).login) return
      await noteStatus({ ...control, agenda }, { ...key, githubDeployment: deployment.id, ...status })
    }),
    deployment_review: handling(
      payloads.deployment_review,
      async ({ action, run, reviewer, environments, ...origin }, guid) => {
        const key = keyOf(origin)
        if (key === undefined || run === undefined || reviewer === undefined) return
        if (action !== 'approved' && action !== 'rejected') return
        const person = { id: reviewer.id, login: reviewer.login }
        for (const environment of environments) {
          await takeReview(control, { ...key, run: run.id, environment, person, answer: action, delivery: guid })
        }
      },
    ),
    pull_request: handling(payloads.pull_request, async ({ action, pull, ...origin }, guid) => {
      const key = keyOf(origin)
      if (key === undefined) return
      const seq = (await inbox.read(guid))?.seq
      if (seq !== undefined && headActions.includes(action)) {
        await noteHead(control, { ...key, issue: pull.number, commit: pull.head.commit, seq })
      }
      if (action === 'closed') {
        const how = pull.isMerged ? 'merge' : 'close'
        await releaseLocks(control, { ...key, pullRequest: pull.number, how, delivery: guid })
      }
      await wakeCommit(control, { ...key, commit: pull.head.commit })
      if (pull.mergeCommit !== undefined) await wakeCommit(control, { ...key, commit: pull.mergeCommit })
    }),
    pull_request_review: handling(payloads.pull_request_review, async ({ pull, ...origin }) => {
      const key = keyOf(origin)
      if (key !== undefined) await wakeCommit(control, { ...key, commit: pull.head.commit })
    }),
    'check_run.completed': handling(payloads.check_run, async ({ checkRun, ...origin }) => {
      const key = keyOf(origin)
      // Our own check runs are what we say, and change nothing that we wait for.
      if (key !== undefined && checkRun.app?.id !== control.self.id) {
        await wakeCommit(control, { ...key, commit: checkRun.commit })
      }
    }),
    'check_suite.completed': handling(payloads.check_suite, async ({ checkSuite, ...origin }) => {
      const key = keyOf(origin)
      if (key !== undefined) await wakeCommit(control, { ...key, commit: checkSuite.commit })
    }),
    status: handling(payloads.status, async ({ commit, context, ...origin }) => {
      const key = keyOf(origin)
      if (key !== undefined && !context.startsWith('ringway/')) await wakeCommit(control, { ...key, commit })
    }),
    push: handling(payloads.push, async ({ branch, paths, ...origin }) => {
      const key = keyOf(origin)
      if (key === undefined || branch !== origin.repository.defaultBranch) return
      if (paths === undefined || paths.includes(control.ringFilePath)) await wakeRepository(control, key)
    }),
    'workflow_run.completed': handling(payloads.workflow_run, async ({ run, ...origin }) => {
      const key = keyOf(origin)
      if (key !== undefined) await noteRunEnded(control, { ...key, run: run.id })
    }),
    installation: handling(payloads.installation, ({ tenant }) => learn(tenant)),
    installation_repositories: handling(payloads.installation_repositories, ({ tenant }) => learn(tenant)),
    repository: handling(payloads.repository, async ({ tenant }) => {
      if (tenant !== undefined) await learn(tenant)
    }),
  }
}

/** What tells a pull request's head. */
const headActions: readonly string[] = ['opened', 'reopened', 'synchronize', 'ready_for_review', 'edited']

function keyOf(origin: {
  readonly tenant: number | undefined
  readonly repository: { readonly id: number }
}): RepositoryKey | undefined {
  return origin.tenant === undefined ? undefined : { tenant: origin.tenant, repository: origin.repository.id }
}
