/** The steps from the top of a document to one of its values. */
export type KeyPath = readonly (string | number)[]

/** What kind of problem it is, for programs. */
export type ProblemCode =
  | 'syntax'
  | 'limit'
  | 'not_allowed'
  | 'unknown_key'
  | 'missing_key'
  | 'wrong_value'
  | 'duplicate'
  | 'unknown_name'
  | 'cycle'
  | 'contradiction'
  | 'feature_not_available'

/** One thing that is wrong with a file, with its place and what to write instead. */
export interface Problem {
  readonly severity: 'error'
  /** The file. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly code: ProblemCode
  /** The key at fault, as `solutions.support.rings.dev.after`; empty for the file as a whole. */
  readonly key: string
  /** What was expected, what came, and what to write instead. */
  readonly message: string
  /** What to write instead, alone, where one thing is likely. */
  readonly suggestion?: string | undefined
}

/** A problem before its place in the text is known. */
export interface Finding {
  readonly at: KeyPath
  /** Whether the key itself is at fault or its value. */
  readonly part: 'key' | 'value'
  readonly code: ProblemCode
  readonly message: string
  readonly suggestion?: string | undefined
}

/** `['checks', 0, 'http']` as `checks[0].http` */
export function keyName(path: KeyPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

/** The last key of a path, with the number of the item in its list: `http`, `uses[2]` */
export function shortName(path: KeyPath): string {
  const last = path.findLastIndex(step => typeof step === 'string')
  return keyName(path.slice(Math.max(0, last)))
}

/** A value as a message quotes it: short, and on one line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} \`${value}\``
  if (typeof value === 'string') return value === '' ? 'an empty text' : `\`${quotable(value)}\``
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return 'a map'
}

/** A text of a stranger, made fit for one line of a message. */
export function quotable(text: string): string {
  const oneLine = text.replace(/[\p{Cc}\p{Cf}`\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return oneLine.length <= 60 ? oneLine : `${oneLine.slice(0, 59)}…`
}
