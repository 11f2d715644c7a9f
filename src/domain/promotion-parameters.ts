/** At most this many stand with one promotion. */
export const mostParameters = 20

/** Whether a key and a value are ones that a command takes: what a shell or a template could take for its own never gets in. */
export function isParameter(key: string, value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(key) && /^[A-Za-z0-9._:/@+,=-]{1,200}$/.test(value)
}

/** The environment variable in which a ring's commands get a parameter: `dry-run` is `RINGWAY_PARAMETER_DRY_RUN`. */
export function parameterVariable(key: string): string {
  return `RINGWAY_PARAMETER_${key.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
}

/** Reads parameters that came over a wire; undefined when they are not such as a command takes. Absent, there are none. */
export function decodeParameters(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries: [string, unknown][] = Object.entries(value)
  const fit = entries.flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' && isParameter(key, text) ? [[key, text]] : [],
  )
  return fit.length === entries.length && fit.length <= mostParameters ? Object.fromEntries(fit) : undefined
}
