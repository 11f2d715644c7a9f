/**
 * The conditions of what is asked for, and their values: only those stand in the statement, so that each way to ask has the plan of its index.
 *
 * @param asked - by condition, in which `?` is the value; undefined: not asked for
 * @param from - the number of the first parameter
 */
export function conditionsOf(
  asked: Readonly<Record<string, unknown>>,
  from: number,
): { readonly where: string; readonly values: readonly unknown[] } {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return {
    where: ['tenant = $1', ...given.map(([condition], index) => condition.replace('?', `$${index + from}`))].join(
      ' and ',
    ),
    values: given.map(([, value]) => value),
  }
}
