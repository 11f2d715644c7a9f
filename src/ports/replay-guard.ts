import type { EpochMs } from '../domain/units.ts'

/** Lets each identity token be used once, by any replica. */
export interface ReplayGuard {
  /**
   * @param id - the token's `jti`
   * @param until - it is remembered at least until then; a token that has expired is refused for that
   * @returns whether this is its first use
   */
  use(id: string, until: EpochMs): Promise<boolean>
}
