/** How much may be read at once of what nobody has verified yet. */
export interface BodyLimits {
  readonly bodies: number
  /** Bytes of all of them together. */
  readonly bytes: number
}

/** Keeps strangers from filling the memory. */
export interface BodyAllowance {
  /** @returns what gives back the room that a body of this many bytes takes; undefined when there is none */
  readonly take: (bytes: number) => (() => void) | undefined
}

/** Counts bodies from their first byte to their last. */
export function createBodyAllowance(limits: BodyLimits): BodyAllowance {
  let bodies = 0
  let total = 0
  return {
    take(bytes) {
      if (bodies >= limits.bodies || total + bytes > limits.bytes) return undefined
      bodies += 1
      total += bytes
      return () => {
        bodies -= 1
        total -= bytes
      }
    },
  }
}
