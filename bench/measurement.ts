/** One figure beside what a person would take instead, and what it is meant to be. */
export interface Measurement {
  readonly measured: string
  readonly value: string
  /** What it is held against; absent: nothing does the same. */
  readonly beside?: string | undefined
  /** Of the value to what stands beside it. */
  readonly ratio?: number | undefined
  readonly aim: string
  readonly isMet: boolean
}

/** Everything that one benchmark found. */
export interface BenchReport {
  readonly measurements: readonly Measurement[]
  /** Every single figure that the rows were made of. */
  readonly samples: Readonly<Record<string, unknown>>
}

/** A benchmark; it says on the way what it is doing. */
export type Bench = (say: (words: string) => void) => Promise<BenchReport>

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new RangeError('Nothing was measured.')
  return (low + high) / 2
}

/** The value that `rank` of a hundred do not exceed. */
export function percentile(values: readonly number[], rank: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.ceil((values.length * rank) / 100) - 1]
  if (value === undefined) throw new RangeError('Nothing was measured.')
  return value
}

/** The rows as a table of text. */
export function measurementTable(measurements: readonly Measurement[]): string {
  const rows = [
    ['measured', '', 'beside', 'ratio', 'aim', ''],
    ...measurements.map(({ measured, value, beside, ratio, aim, isMet }) => [
      measured,
      value,
      beside ?? '-',
      ratio === undefined ? '-' : `${ratio.toFixed(2)} x`,
      aim,
      isMet ? 'met' : 'missed',
    ]),
  ]
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), [])
  return rows
    .map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
