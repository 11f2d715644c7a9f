/** What comes after what. */
export interface Order {
  /** Every name after those that it needs, as far as there is no circle; otherwise by name. */
  readonly order: readonly string[]
  /** Each circle once, as the names in it, from the smallest. */
  readonly cycles: readonly (readonly string[])[]
}

/**
 * Puts names in order. The same needs give the same order, whatever the order in which they come.
 *
 * @param needs - by name, the names that must come before; names that are no key are left out
 */
export function orderByNeeds(needs: ReadonlyMap<string, readonly string[]>): Order {
  const names = [...needs.keys()].toSorted()
  const placed = new Set<string>()
  const order: string[] = []
  for (let next = firstFree(names, needs, placed); next !== undefined; next = firstFree(names, needs, placed)) {
    placed.add(next)
    order.push(next)
  }
  const stuck = names.filter(name => !placed.has(name))
  return { order: [...order, ...stuck], cycles: circles(stuck, needs) }
}

function firstFree(
  names: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
  placed: ReadonlySet<string>,
): string | undefined {
  return names.find(
    name => !placed.has(name) && (needs.get(name) ?? []).every(need => placed.has(need) || !needs.has(need)),
  )
}

/** Follows the first need that is stuck as well, from each name, until a name comes back. */
function circles(
  stuck: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const open = new Set(stuck)
  const seen = new Set<string>()
  const found: (readonly string[])[] = []
  for (const start of stuck) {
    const path: string[] = []
    let name: string | undefined = start
    while (name !== undefined && !seen.has(name)) {
      seen.add(name)
      path.push(name)
      name = (needs.get(name) ?? []).find(need => open.has(need))
    }
    const from = name === undefined ? -1 : path.indexOf(name)
    if (from >= 0) found.push(fromSmallest(path.slice(from)))
  }
  return found
}

function fromSmallest(circle: readonly string[]): readonly string[] {
  const smallest = circle.indexOf(circle.toSorted()[0] ?? '')
  return [...circle.slice(smallest), ...circle.slice(0, smallest)]
}
