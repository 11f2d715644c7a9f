/** One entry of `errors` in GitHub's 422. */
export interface FieldError {
  readonly resource?: string
  readonly field?: string
  readonly code?: string
  readonly message?: string
}

/** An answer that refuses, in GitHub's shape. Throw it from anywhere below a route. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly errors: readonly FieldError[] | undefined

  constructor(status: number, message: string, errors?: readonly FieldError[]) {
    super(message)
    this.status = status
    this.errors = errors
  }

  toJSON(): Record<string, unknown> {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(this.status),
    }
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found')
}

export function forbiddenToIntegration(): ApiError {
  return new ApiError(403, 'Resource not accessible by integration')
}

/** 422 `Validation Failed`, naming what is wrong. */
export function validationFailed(...errors: readonly FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', errors)
}

/** What was looked up, or a 404. */
export function found<Value>(value: Value | null | undefined): Value {
  if (value === undefined || value === null) throw notFound()
  return value
}
