/** Whether an input of this type need not be connected, or an output of it may be missing. */
export function isOptional(type: string): boolean {
  return type.endsWith('?')
}

/** Whether what an output gives can go into an input. `any` takes and gives everything. */
export function fitsPort(given: string, wanted: string): boolean {
  if (isOptional(given) && !isOptional(wanted)) return false
  const [from, to] = [given, wanted].map(type => type.replace(/\?$/, ''))
  return from === to || from === 'any' || to === 'any'
}

/** The types of JSON that a port type can be, for those that JSON knows; undefined for words of the user's own. */
export function jsonTypesOf(type: string): readonly string[] | undefined {
  const plain = type.replace(/\?$/, '')
  return plain.endsWith('[]') ? ['array'] : jsonTypes.get(plain)
}

const jsonTypes: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['string']],
  ['string', ['string']],
  ['number', ['number', 'integer']],
  ['integer', ['integer', 'number']],
  ['boolean', ['boolean']],
  ['object', ['object']],
  ['array', ['array']],
  ['list', ['array']],
])
