import * as z from 'zod'
import { closest } from '../../domain/closest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { textTable } from '../../text/table.ts'
import { exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { minuteOf, nameIn, solutionsAnswer } from './answers.ts'
import { type AppHere, findApp } from './ask-app.ts'

const draftsAnswer = z.looseObject({
  items: z.array(
    z.looseObject({
      digest: z.string(),
      pull_request: z.number().nullable(),
      built_at: z.string(),
      status: z.string(),
      active_in: z.array(z.string()),
      deploy: z.array(z.looseObject({ ring: z.string() })),
    }),
  ),
  next: z.string().nullable(),
})

/** Of each solution: what is older was left behind. */
const mostShown = 20

type Draft = z.output<typeof draftsAnswer>['items'][number] & { readonly solution: string }

/** `ringway drafts`: what pull requests built, whether it ever was deployed, and what deploys it. */
export async function listDrafts(terminal: Terminal, name: string | undefined): Promise<number> {
  const app = findApp(process.env)
  const { items } = await app.ask(solutionsAnswer, 'GET /solutions')
  const names = items.map(solution => solution.name)
  if (name !== undefined && !names.includes(name)) throw unknown(name, names)
  const solutions = name === undefined ? names : [name]
  const pages = await Promise.all(solutions.map(solution => draftsOf(app, solution)))
  const drafts = pages.flatMap(page => page.drafts)
  if (drafts.length === 0) terminal.say('No pull request has built a draft.')
  else terminal.say(textTable(['DRAFT', 'SOLUTION', 'PULL REQUEST', 'BUILT', 'STATUS', 'DEPLOY'], drafts.map(row)))
  if (pages.some(({ isWhole }) => !isWhole)) terminal.say(`Only the newest ${mostShown} of a solution are shown.`)
  terminal.result({ ok: true, drafts })
  return exitCodes.ok
}

function unknown(name: string, names: readonly string[]): RingwayError {
  const meant = closest(name, names)
  return new RingwayError({
    code: 'unknown_solution',
    message: `The repository has no solution ${name}.`,
    remedy: meant === undefined ? `It has ${names.join(', ')}.` : `Did you mean ${meant}?`,
  })
}

async function draftsOf(
  app: AppHere,
  solution: string,
): Promise<{ readonly drafts: readonly Draft[]; readonly isWhole: boolean }> {
  const path = `/solutions/${encodeURIComponent(solution)}/drafts?limit=${mostShown}`
  const { items, next } = await app.ask(draftsAnswer, `GET ${path}`)
  return { drafts: items.map(item => ({ ...item, solution })), isWhole: next === null }
}

function row(draft: Draft): readonly string[] {
  const { digest, solution, pull_request: pull, built_at: builtAt, deploy } = draft
  const [first] = deploy
  return [
    nameIn({ version: null, digest }),
    solution,
    pull === null ? '–' : `#${pull}`,
    minuteOf(builtAt),
    statusOf(draft),
    first === undefined ? 'no ring accepts drafts' : `ringway promote ${solution}/${first.ring} ${digest}`,
  ]
}

function statusOf({ status, active_in: activeIn }: Draft): string {
  if (status === 'active') return `active in ${activeIn.join(', ')}`
  return status === 'never_deployed' ? 'draft, never deployed' : 'draft, deployed before'
}
