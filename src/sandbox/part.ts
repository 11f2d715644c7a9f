import type { RoutePlugin } from './api/server.ts'

/**
 * A part of the sandbox that is opened and closed with it. `actions/actions.ts` is one:
 * `openActions({ world, slots, actions }): Actions` where `Actions extends SandboxPart`.
 */
export interface SandboxPart {
  readonly routes: RoutePlugin
  /** Ends everything that the part started; may be called twice. */
  close(): Promise<void>
}
