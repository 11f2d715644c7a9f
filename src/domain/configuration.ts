/** A configuration value: an environment variable or a feature flag. */
export type ConfigValue = string | number | boolean

/** One layer of configuration, by name. */
export type ConfigLayer = Readonly<Record<string, ConfigValue>>

/** The layers from the widest to the narrowest; a narrower one wins. */
export const configOrigins = ['organisation', 'repository', 'solution', 'ring'] as const

/** Which layer a value comes from. */
export type ConfigOrigin = (typeof configOrigins)[number]
