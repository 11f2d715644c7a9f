/** What an expression can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The value as plain JSON data; what JSON cannot hold (undefined, functions) is dropped as `JSON.stringify` drops it. */
export function toJson(value: unknown): Json {
  const text = JSON.stringify(value)
  return text === undefined ? null : checkedJson(JSON.parse(text))
}

function checkedJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (Array.isArray(value)) return value.map(checkedJson)
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, checkedJson(item)]))
  return null
}
