import { RingwayError } from '../domain/ringway-error.ts'

/** The refusal of a command that only the App could carry out, and does not yet. */
export function appOnly(command: string): RingwayError {
  return new RingwayError({
    code: 'feature_not_available',
    message: `\`${command}\` is work of the Ringway App, which cannot do it yet.`,
    remedy: `Leave \`${command}\` out until a later version.`,
  })
}
