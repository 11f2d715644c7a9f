import * as z from 'zod'
import type { RehearsedApp, RehearsedRepository } from '../rehearsal.ts'
import type { Terminal } from '../terminal.ts'
import { until } from './until.ts'

/** A pull request or an issue on which people give commands. */
export interface Conversation {
  /**
   * Types a comment, and says it together with the line of the App's answer that has `expected` in it.
   *
   * @throws {RingwayError} when that is not answered
   */
  comment(login: string, body: string, expected: string): Promise<void>
  /** Waits until the App's comment has `expected` in it, and says that line. */
  hear(expected: string): Promise<void>
}

/** What conversations take place in. */
export interface Meeting {
  readonly terminal: Terminal
  readonly app: RehearsedApp
  readonly place: RehearsedRepository
}

/** Opens an issue. */
export async function openIssue(meeting: Meeting, login: string, title: string): Promise<Conversation> {
  const opened = await meeting.place.api(login, { method: 'POST', path: '/issues', body: { title } })
  return onIssue(meeting, z.object({ number: z.number() }).parse(opened).number)
}

/** The conversation on an issue or a pull request that is there. */
export function onIssue({ terminal, app, place }: Meeting, number: number): Conversation {
  const shown = (): readonly string[] => {
    const sticky = place.repository.issues.get(number)?.comments.find(one => one.app?.id === app.registered.id)
    return (sticky?.body ?? '').split('\n').map(plain)
  }
  const hear = async (expected: string): Promise<void> => {
    const line = () => shown().find(one => one.includes(expected))
    await until(() => line() !== undefined, `the App says "${expected}" on #${number}`)
    terminal.say(`    ringway: ${line() ?? ''}`)
  }
  return {
    hear,
    async comment(login, body, expected) {
      terminal.say(`  ${login} on #${number}: ${body}`)
      await place.api(login, { method: 'POST', path: `/issues/${number}/comments`, body: { body } })
      await hear(expected)
    },
  }
}

/** A line of Markdown as a terminal shows it; of a table's row the first cell and the last. */
function plain(markdown: string): string {
  const words = markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|`|<\/?sub>|^- |\u200b/g, '')
    .replaceAll(/\\(\W|_)/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .trim()
  const cells = /^\| (.+?) \|.*\| (.+?) \|$/.exec(words)
  return cells === null ? words : `${cells[1] ?? ''}: ${cells[2] ?? ''}`
}
