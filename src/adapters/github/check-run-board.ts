import * as z from 'zod'
import type { CheckRunBoard, CheckRunButton, ShownCheckRun } from '../../ports/check-run-board.ts'
import { cutText } from './cut-text.ts'
import { type GithubClient, pages } from './github-client.ts'

const routes = {
  list: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  create: 'POST /repos/{owner}/{repo}/check-runs',
  update: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
} as const

const idPayload = z.object({ id: z.number() })
const ownPayload = z.object({
  check_runs: z.array(z.object({ id: z.number(), status: z.string(), external_id: z.string().nullable() })),
})

/** GitHub's limit of a summary and of a text. */
const mostText = 65_535

/**
 * Check runs, through GitHub's REST API.
 *
 * @param appId - ours: GitHub lists the check runs of one App
 */
export function createGithubCheckRunBoard(client: GithubClient, appId: number): CheckRunBoard {
  const find = async (run: ShownCheckRun): Promise<{ id: number; isCompleted: boolean } | undefined> => {
    const query = { ref: run.commit, check_name: run.name, app_id: appId, filter: 'all' }
    let newest: { id: number; isCompleted: boolean } | undefined
    for await (const page of pages(client, routes.list, query)) {
      for (const { id, status, external_id } of ownPayload.parse(page).check_runs) {
        const isNewer = external_id === run.externalId && id > (newest?.id ?? 0)
        if (isNewer) newest = { id, isCompleted: status === 'completed' }
      }
    }
    return newest
  }

  return {
    async show(run) {
      demandButtonsFit(run.buttons)
      const shown = shownFields(run)
      const there = run.known === 'none' ? undefined : (run.known ?? (await find(run)))
      // A completed check run is not opened again: a newer one of the same name takes its place on the page.
      const isReusable = there !== undefined && (!there.isCompleted || isCompletedState(run.state))
      if (isReusable) {
        return await client.change({
          route: routes.update,
          parameters: { check_run_id: there.id, ...shown },
          decode: data => idPayload.parse(data).id,
        })
      }
      return await client.change({
        route: routes.create,
        parameters: { head_sha: run.commit, external_id: run.externalId, ...shown },
        decode: data => idPayload.parse(data).id,
        look: async () => {
          const newest = await find(run)
          return newest?.id === there?.id ? undefined : newest?.id
        },
      })
    },
  }
}

function shownFields(run: ShownCheckRun): Record<string, unknown> {
  const ending = run.url === undefined ? '\n\n…' : `\n\n… [read on](${run.url})`
  return {
    name: run.name,
    ...(isCompletedState(run.state) ? { status: 'completed', conclusion: run.state } : { status: run.state }),
    ...(run.url === undefined ? {} : { details_url: run.url }),
    output: {
      title: cutText(run.title, 255),
      summary: cutText(run.summary, mostText, ending),
      // What is left out stays as it was.
      text: cutText(run.text ?? '', mostText, ending),
    },
    actions: run.buttons,
  }
}

function isCompletedState(state: ShownCheckRun['state']): boolean {
  return state !== 'queued' && state !== 'in_progress'
}

function demandButtonsFit(buttons: readonly CheckRunButton[]): void {
  if (buttons.length > 3) throw new RangeError(`A check run has three buttons at most, not ${buttons.length}.`)
  for (const { label, description, identifier } of buttons) {
    if (label.length > 20 || description.length > 40 || identifier.length > 20) {
      throw new RangeError(`A button's label, description and identifier have 20, 40 and 20 characters: "${label}".`)
    }
  }
}
