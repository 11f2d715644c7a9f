import type { Narrowing, NarrowingChange } from './narrowing.ts'
import type { ValueType } from './value-types.ts'

/**
 * What became narrower, as the rest of a sentence that begins with "its". An output is compared the other way round: there the same change
 * means that callers may get what they were never promised.
 */
export function narrowingWords(narrowing: Narrowing, subject: 'input' | 'output'): string {
  const place = placeName(narrowing.at)
  const where = place === '' ? subject : `${subject} \`${place}\``
  return subject === 'input' ? inputWords(narrowing.change, where) : outputWords(narrowing.change, where)
}

function inputWords(change: NarrowingChange, where: string): string {
  switch (change.kind) {
    case 'required':
      return `${where} now requires \`${change.property}\``
    case 'types':
      return `${where} no longer takes ${listed(change.lost.map(typeWords))}`
    case 'values':
      return `${where} no longer takes ${listed(change.lost)}`
    case 'closed':
      return `${where} is no longer taken`
    case 'bound':
      return `${where} is narrower: \`${change.keyword}\` was ${change.before} and is ${change.after}`
    case 'keyword':
      return `${where} may be narrower: \`${change.keyword}\` changed`
    case 'too_large':
      return `${where} is too large or too entangled to compare`
  }
}

function outputWords(change: NarrowingChange, where: string): string {
  switch (change.kind) {
    case 'required':
      return `${where} may come without \`${change.property}\` now`
    case 'types':
      return `${where} may be ${listed(change.lost.map(typeWords))} now`
    case 'values':
      return `${where} may be ${listed(change.lost)} now`
    case 'closed':
      return `${where} may be there now, which was excluded before`
    case 'bound':
      return `${where} is wider: \`${change.keyword}\` was ${change.after} and is ${change.before}`
    case 'keyword':
      return `${where} may be wider: \`${change.keyword}\` changed`
    case 'too_large':
      return `${where} is too large or too entangled to compare`
  }
}

/** `['items', '[]', 'price']` as `items[].price` */
function placeName(at: readonly string[]): string {
  return at.map((step, index) => (index === 0 || step.startsWith('[') ? step : `.${step}`)).join('')
}

const names: Readonly<Record<ValueType, string>> = {
  null: 'null',
  boolean: 'true or false',
  integer: 'whole numbers',
  number: 'fractions',
  string: 'text',
  array: 'lists',
  object: 'maps',
}

function typeWords(type: ValueType): string {
  return names[type]
}

/** More than a few are counted, not listed. */
function listed(words: readonly string[]): string {
  const shown = words.slice(0, 5).join(', ')
  return words.length > 5 ? `${shown} and ${words.length - 5} more` : shown
}
