import { destination, type Logger, pino } from 'pino'
import type { LogLevel } from '../env/settings.ts'
import { plainError } from './plain-error.ts'
import { createRedaction } from './redaction.ts'

/** Where lines go. */
export interface LogSink {
  write(line: string): void
}

/** What a log is made of. */
export interface LogOptions {
  readonly level: LogLevel
  /** Values that no line may hold. */
  readonly secrets: readonly string[]
  /** @default standard output, written before `write` returns: nothing is lost when the process dies */
  readonly sink?: LogSink
}

/** The App's log: one JSON object a line. Every line passes the redaction, whoever wrote it: this program, Fastify, Probot or Octokit. */
export function openLog({ level, secrets, sink }: LogOptions): Logger {
  const redact = createRedaction(secrets)
  const target = sink ?? destination({ dest: 1, sync: true })
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: levelName },
      serializers: { err: error => plainError(error) },
    },
    {
      write(line) {
        target.write(redact(line))
      },
    },
  )
}

function levelName(label: string): { level: string } {
  return { level: label }
}
