/** The App could not be asked. */
export class AppFailure extends Error {
  override readonly name = 'AppFailure'
  /** Whether asking again may help. */
  readonly mayPass: boolean
  /** How long the App asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, mayPass: boolean, retryAfterMs?: number) {
    super(message)
    this.mayPass = mayPass
    this.retryAfterMs = retryAfterMs
  }
}
