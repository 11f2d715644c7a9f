import { type ConfigLayer, type ConfigOrigin, type ConfigValue, configOrigins } from './configuration.ts'

/** The layers that make up the configuration of a ring. */
export type ConfigLayers = Readonly<Record<ConfigOrigin, ConfigLayer>>

/** What a ring's configuration comes to. */
export interface EffectiveConfiguration {
  /** Sorted by name. */
  readonly values: ConfigLayer
  /** The layer that each value comes from. */
  readonly origins: Readonly<Record<string, ConfigOrigin>>
}

/** Merges the layers: the narrower one wins, and each value knows where it comes from. */
export function effectiveConfiguration(layers: ConfigLayers): EffectiveConfiguration {
  const found = new Map<string, { value: ConfigValue; origin: ConfigOrigin }>()
  for (const origin of configOrigins) {
    for (const [name, value] of Object.entries(layers[origin])) found.set(name, { value, origin })
  }
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    values: Object.fromEntries(sorted.map(([name, { value }]) => [name, value])),
    origins: Object.fromEntries(sorted.map(([name, { origin }]) => [name, origin])),
  }
}

/** One value that differs. */
export interface ConfigurationChange {
  readonly name: string
  /** Absent: it is new. */
  readonly before: ConfigValue | undefined
  /** Absent: it is gone. */
  readonly after: ConfigValue | undefined
  /** The layer that the new value comes from, or the old one of a value that is gone. */
  readonly origin: ConfigOrigin
}

/** What differs between two configurations, sorted by name. */
export function diffConfiguration(
  before: EffectiveConfiguration,
  after: EffectiveConfiguration,
): readonly ConfigurationChange[] {
  // Maps, because a name may be that of something every object inherits.
  const [was, is] = [new Map(Object.entries(before.values)), new Map(Object.entries(after.values))]
  const origins = new Map([...Object.entries(before.origins), ...Object.entries(after.origins)])
  return [...new Set([...was.keys(), ...is.keys()])].toSorted().flatMap(name => {
    const change = { name, before: was.get(name), after: is.get(name) }
    const origin = origins.get(name)
    return change.before === change.after || origin === undefined ? [] : [{ ...change, origin }]
  })
}
