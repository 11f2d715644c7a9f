import type { DurationMs } from '../domain/units.ts'

/** A right to work on something, for a while. */
export interface Lease {
  readonly name: string
  /** Rises with each new holder; a write under an older one is refused. */
  readonly epoch: number
  /**
   * To be asked right before every outward call: a replica that was frozen finds here that its time is over.
   *
   * @throws {RingwayError} `lease_lost`
   */
  check(): void
}

/** Fenced leases: of any number of replicas one works on a thing at a time, and one that was frozen cannot write afterwards. */
export interface Leases {
  /**
   * Works while holding the lease, which is renewed meanwhile and given back at the end.
   *
   * @param request - `patience`: how long to wait for one that somebody else holds (default 0)
   * @returns what `work` returned; undefined when somebody else holds it
   */
  hold<T>(
    request: {
      readonly name: string
      readonly duration: DurationMs
      readonly patience?: DurationMs | undefined
    },
    work: (lease: Lease) => Promise<T>,
  ): Promise<{ readonly result: T } | undefined>
}
