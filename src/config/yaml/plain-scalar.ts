/** What an unquoted word of YAML is, or why it must be quoted. */
export type PlainScalar =
  | { readonly kind: 'value'; readonly value: null | boolean | number | string }
  | { readonly kind: 'ambiguous'; readonly reads: string }

const constants = new Map<string, null | boolean>([
  ['', null],
  ['null', null],
  ['true', true],
  ['false', false],
])
const booleanElsewhere = /^(?:yes|no|on|off|true|false)$/i
const nullElsewhere = /^(?:~|null)$/i
const numberElsewhere =
  /^[-+]?(?:0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|(?=\.?[0-9])(?:[0-9][0-9_]*)?\.?[0-9_]*(?:e[-+]?[0-9]+)?|\.inf|\.nan)$/i

/**
 * Reads an unquoted word by the rules of JSON: `true`, `false`, `null`, and numbers that are written as a program would write them.
 *
 * A word that one YAML reader takes for text and another for something else is ambiguous and refused, because the one who writes it
 * loses silently: the commit `1234e567` becomes infinity, `0123456` loses its zero, `1.10` becomes `1.1`, `no` becomes false.
 */
export function readPlainScalar(source: string): PlainScalar {
  const constant = constants.get(source)
  if (constant !== undefined) return { kind: 'value', value: constant }
  const number = Number(source)
  if (/^-?[0-9]/.test(source) && Number.isFinite(number) && String(number) === source)
    return { kind: 'value', value: number }
  if (booleanElsewhere.test(source)) return { kind: 'ambiguous', reads: 'true or false' }
  if (nullElsewhere.test(source)) return { kind: 'ambiguous', reads: 'nothing' }
  if (numberElsewhere.test(source)) return { kind: 'ambiguous', reads: 'a number' }
  return { kind: 'value', value: source }
}
