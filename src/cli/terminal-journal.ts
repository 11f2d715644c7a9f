import type { FileProblem, Journal } from '../ports/journal.ts'
import { logLine } from '../text/log-line.ts'
import type { Terminal } from './terminal.ts'

/** A journal on a terminal that remembers what it was told. */
export interface TerminalJournal extends Journal {
  readonly lines: readonly string[]
  readonly problems: readonly FileProblem[]
}

export function createTerminalJournal(terminal: Terminal): TerminalJournal {
  const lines: string[] = []
  const problems: FileProblem[] = []
  return {
    lines,
    problems,
    say(line) {
      lines.push(line)
      terminal.progress(line)
    },
    problem(problem) {
      problems.push(problem)
      terminal.say(problemLine(problem))
    },
  }
}

/** `deploy.sh:3:1: error: message`, as editors and terminals make a link of it. */
export function problemLine({ severity, path, line, column, message }: FileProblem): string {
  const place = [path, line, line === undefined ? undefined : column].filter(part => part !== undefined).join(':')
  return logLine(`${place}: ${severity}: ${message}`)
}
