import { RingwayError } from '../../src/domain/ringway-error.ts'

/**
 * Work for a tenant who took the App away, or suspended it, ends: tried again, it would fail for ever. What was decided stays in the store; when the
 * App is back, whatever is still open is taken up again.
 */
export function whileInstalled<W>(
  handler: (work: W) => Promise<void>,
  tell: (line: string) => void,
): (work: W) => Promise<void> {
  return async work => {
    try {
      await handler(work)
    } catch (error) {
      if (!(error instanceof RingwayError) || error.code !== 'app_not_installed') throw error
      tell(`${JSON.stringify(work)} ends here: ${error.message}`)
    }
  }
}
