import { RingwayError } from '../domain/ringway-error.ts'

/** What the exit code of `ringway` means. Programs may rely on it; `docs/cli.md` lists it. */
export const exitCodes = {
  /** It was done, or there was nothing to do. */
  ok: 0,
  /** The answer is no: refused, failed, or problems were found. */
  no: 1,
  /** The command line or a file that it names is wrong. */
  usage: 2,
  /** It could not be asked: a server or a store did not answer. Asking again may help. */
  errored: 3,
} as const

/** The exit code for an error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof RingwayError)) return exitCodes.errored
  if (error.code === 'input_invalid' || error.code === 'ring_file_missing') return exitCodes.usage
  return error.kind === 'errored' ? exitCodes.errored : exitCodes.no
}
