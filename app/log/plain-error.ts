/** How deep causes and collected errors are followed. */
const deepest = 4

/** What of an error is for programs. Everything else that libraries hang on one stays out: requests with their headers, whole payloads. */
const facts = ['code', 'status', 'kind', 'remedy', 'facts'] as const

/** An error as the log has it. */
export function plainError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'object' ? 'something that is no error' : error
  const plain: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack }
  for (const name of facts) {
    const value: unknown = Reflect.get(error, name)
    if (value !== undefined && typeof value !== 'function') plain[name] = value
  }
  if (depth === deepest) return plain
  if (error.cause !== undefined) plain['cause'] = plainError(error.cause, depth + 1)
  if (error instanceof AggregateError) plain['errors'] = error.errors.map(each => plainError(each, depth + 1))
  return plain
}
