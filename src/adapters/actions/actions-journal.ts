import { error, info, warning } from '@actions/core'
import type { FileProblem, Journal } from '../../ports/journal.ts'

/**
 * Says what happens in the log of a job, and problems as annotations of their files.
 *
 * @param inert - makes a line one that the runner does not obey: what is said may quote what strangers wrote
 */
export function createActionsJournal(inert: (line: string) => string): Journal {
  return {
    say: text => {
      for (const line of text.split('\n')) info(inert(line))
    },
    problem(problem) {
      const place = {
        file: problem.path,
        title: 'Ringway',
        ...(problem.line === undefined ? {} : { startLine: problem.line }),
        ...(problem.column === undefined ? {} : { startColumn: problem.column }),
      }
      if (problem.severity === 'error') error(problem.message, place)
      else warning(problem.message, place)
      // Annotations are shown on the run's page; the log of the step has the place in words.
      info(inert(`  ${placeOf(problem)}`))
    },
  }
}

function placeOf({ path, line, column }: FileProblem): string {
  return [path, line, column].filter(part => part !== undefined).join(':')
}
