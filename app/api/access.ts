import type { RingAction } from '../../src/domain/policy/ring-policy.ts'

/**
 * Who may call a route.
 *
 * - `anyone`
 * - `signed_in`: whoever proves who they are
 * - `view`: a person to whom the repository in the path is shown
 * - `change`: such a person with a token that may change something; what exactly they may is decided by what they ask for
 * - `admin`: such a person who is an admin of the repository
 * - an action: a person who may do it to the ring in the path
 * - `run`: a run of Actions, which is then compared with the run that may
 */
export type Access = 'anyone' | 'signed_in' | 'view' | 'change' | 'admin' | 'run' | { readonly action: RingAction }
