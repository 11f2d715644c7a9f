import { RingwayError } from '../domain/ringway-error.ts'

/** The refusal of a command that only the App can carry out. */
export function appOnly(command: string): RingwayError {
  return new RingwayError({
    code: 'feature_not_available',
    message: `\`${command}\` is work of the Ringway App, and this version has none.`,
    remedy: `Leave \`${command}\` out until the App is there.`,
  })
}
