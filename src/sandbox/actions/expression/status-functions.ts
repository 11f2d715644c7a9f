import type { ExpressionFunction } from './evaluate-expression.ts'

/** How things stand when an `if` is asked. */
export type Standing = 'success' | 'failure' | 'cancelled' | 'skipped'

/** `success()`, `failure()`, `cancelled()` and `always()` for one step or job. */
export function statusFunctions(standing: Standing): readonly ExpressionFunction[] {
  const answer = (name: string, value: boolean): ExpressionFunction => ({
    name,
    minArgs: 0,
    maxArgs: 255,
    call: () => value,
  })
  return [
    answer('always', true),
    answer('success', standing === 'success'),
    answer('failure', standing === 'failure'),
    answer('cancelled', standing === 'cancelled'),
  ]
}
