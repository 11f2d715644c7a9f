/** Whether a value from outside is of some shape. */
export type Shape = (value: unknown) => boolean

/** Any string. */
export const isText: Shape = value => typeof value === 'string'

/** A whole number, 0 or more. */
export const isCount: Shape = value => Number.isSafeInteger(value) && Number(value) >= 0

/** `true` or `false`. */
export const isFlag: Shape = value => typeof value === 'boolean'

/** One of a closed list. */
export function oneOf(known: readonly unknown[]): Shape {
  return value => known.includes(value)
}

/** The shape, or null. */
export function nullable(shape: Shape): Shape {
  return value => value === null || shape(value)
}

/** The shape, or absent. */
export function optional(shape: Shape): Shape {
  return value => value === undefined || shape(value)
}

/** A list, each item of the shape. */
export function listOf(shape: Shape): Shape {
  return value => Array.isArray(value) && value.every(shape)
}

/** An object with these fields of its own; others may stand beside them, for later versions add some. */
export function recordOf(fields: Readonly<Record<string, Shape>>): Shape {
  return value =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, shape]) =>
      shape(Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined),
    )
}
