import type { RingAction } from '../../src/domain/policy/ring-policy.ts'

/**
 * Who may call a route. `anyone`; `signed_in`: whoever proves who they are; `view`: a person to whom the repository in the path is shown; an
 * action: a person who may do it to the ring in the path; `run`: a run of Actions, which is then compared with the run that may.
 */
export type Access = 'anyone' | 'signed_in' | 'view' | 'run' | { readonly action: RingAction }
