import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actions } from '../actions/actions.ts'
import { reviewEnvironments } from '../actions/environments/review.ts'
import { demand } from '../api/access.ts'
import type { Actor } from '../api/actor.ts'
import { ApiError, found } from '../api/api-error.ts'
import { readBody } from '../api/read-body.ts'
import { pressCheckAction } from '../checks/announce-check-run.ts'
import { addComment } from '../issues/comment.ts'
import type { WebhookService } from '../webhooks/webhook-service.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { checkPage } from './check-page.ts'
import { deliveryPage } from './delivery-page.ts'
import { homePage } from './home.ts'
import { html } from './html.ts'
import { issuePage } from './issue-page.ts'
import { layout, type Page, STYLE } from './layout.ts'
import { addAppPages } from './new-app.ts'
import { isOwnOrigin } from './own-origin.ts'
import { repositoryPage } from './repository-page.ts'
import { runPage } from './run-page.ts'

/** No scripts, nothing from elsewhere, and no frame around it. */
const POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

export interface Shown {
  readonly world: World
  readonly actions: Actions
  readonly webhooks: WebhookService
}

const place = z.object({ owner: z.string(), name: z.string(), id: z.coerce.number().int().optional() })
const review = z.object({
  as: z.string(),
  environment: z.coerce.number().int(),
  state: z.enum(['approved', 'rejected']),
  comment: z.string().default(''),
})
const comment = z.object({ as: z.string(), body: z.string().min(1) })
const press = z.object({ as: z.string(), identifier: z.string() })

/** Pages for people who rehearse: what is there, and the few things they do by hand. */
export function addPageRoutes(http: FastifyInstance, shown: Shown): void {
  http.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  addReading(http, shown)
  addActing(http, shown)
  addAppPages(http, shown.world)
}

function addReading(http: FastifyInstance, { world, actions, webhooks }: Shown): void {
  const page = (path: string, show: (request: FastifyRequest) => Page): void => {
    http.get(path, (request, reply) => answer(reply, () => layout(show(request))))
  }
  http.get('/style.css', (_request, reply) => reply.type('text/css').send(STYLE))
  page('/', () => homePage(world))
  page('/deliveries', () => deliveryPage(webhooks))
  page('/:owner/:name', request => repositoryPage(world, actions.runs, placeOf(world, request).repository))
  const run = (request: FastifyRequest): Page => {
    const { repository, id } = placeOf(world, request)
    return runPage(world, found(actions.runs.find(repository, id)))
  }
  page('/:owner/:name/actions/runs/:id', run)
  page('/:owner/:name/actions/runs/:id/job/:job', run)
  const issue = (request: FastifyRequest): Page => {
    const { repository, id } = placeOf(world, request)
    return issuePage(world, found(repository.issues.get(id)))
  }
  page('/:owner/:name/issues/:id', issue)
  page('/:owner/:name/pull/:id', issue)
  page('/:owner/:name/runs/:id', request => {
    const { repository, id } = placeOf(world, request)
    return checkPage(world, repository, found(repository.checkRuns.find(each => each.id === id)))
  })
}

function addActing(http: FastifyInstance, { world, actions, webhooks }: Shown): void {
  /** Does what a form asks for, then shows the page that `act` names. */
  const form = (path: string, act: (request: FastifyRequest) => string): void => {
    http.post(path, (request, reply) => {
      if (!isOwnOrigin(request.headers, world.serverUrl)) {
        return reply.code(403).type('text/plain').send('This form was not sent by a page of this sandbox.')
      }
      return answer(reply, () => reply.redirect(act(request), 303))
    })
  }
  form('/:owner/:name/actions/runs/:id/review', request => {
    const { repository, id } = placeOf(world, request)
    const { as, environment, state, comment: words } = readBody(review, request.body)
    const { user } = personIn(world, repository, { as, needs: 'deployments' })
    const run = found(actions.runs.find(repository, id))
    reviewEnvironments(world, { run, environmentIds: [environment], state, comment: words, user })
    return request.url.replace(/\/review$/, '')
  })
  form('/:owner/:name/issues/:id/comments', request => {
    const { repository, id } = placeOf(world, request)
    const { as, body } = readBody(comment, request.body)
    const issue = found(repository.issues.get(id))
    const actor = personIn(world, repository, { as, needs: 'issues' })
    // Browsers send line ends as CR LF; GitHub keeps what its own form sends, and so do we.
    addComment(world, { issue, actor, body })
    return request.url.replace(/\/comments$/, '')
  })
  form('/:owner/:name/runs/:id/actions', request => {
    const { repository, id } = placeOf(world, request)
    const { as, identifier } = readBody(press, request.body)
    const run = found(repository.checkRuns.find(each => each.id === id))
    pressCheckAction(world, {
      repository,
      run,
      identifier,
      actor: personIn(world, repository, { as, needs: 'checks' }),
    })
    return request.url.replace(/\/actions$/, '')
  })
  form('/deliveries/:id/attempts', request => {
    const { id } = readBody(z.object({ id: z.coerce.number() }), request.params)
    webhooks.redeliver(found(webhooks.deliveries.find(each => each.id === id)))
    return '/deliveries'
  })
}

function placeOf(world: World, request: FastifyRequest): { repository: Repository; id: number } {
  const { owner, name, id = 0 } = readBody(place, request.params)
  return { repository: found(world.repository(owner, name)), id }
}

/** The person whom the form acts as, if they may do it. */
function personIn(
  world: World,
  repository: Repository,
  { as, needs }: { as: string; needs: string },
): Extract<Actor, { kind: 'user' }> {
  const actor = { kind: 'user' as const, user: found(world.account(as)) }
  demand(actor, repository, { [needs]: 'write' })
  return actor
}

function answer(reply: FastifyReply, work: () => string | FastifyReply): FastifyReply {
  reply.headers({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  })
  try {
    const done = work()
    return typeof done === 'string' ? reply.type('text/html; charset=utf-8').send(done) : done
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const body = html`<p>${error.message}</p>`
    return reply
      .code(error.status)
      .type('text/html; charset=utf-8')
      .send(layout({ title: String(error.status), body }))
  }
}
