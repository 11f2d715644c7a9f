/** One thing that the doctor looked at. */
export interface Finding {
  /** `Node`, `.github/rings.yml`, `environment production` */
  readonly what: string
  /**
   * `problem`: something will not work; `advice`: it works, and could be better or is not what was meant; `unknown`: it could not be looked
   * at from here.
   */
  readonly verdict: 'ok' | 'problem' | 'advice' | 'unknown'
  /** What was found. */
  readonly words: string
  /** What to do about it; where it can be typed, the command. */
  readonly fix?: string | undefined
  /** Line by line, where there is more to see. */
  readonly details?: readonly string[] | undefined
}

export const ok = (what: string, words: string): Finding => ({ what, verdict: 'ok', words })
