import * as z from 'zod'
import type { RingAction } from '../../src/domain/policy/ring-policy.ts'
import type { Access } from './access.ts'
import type { Admitted, AdmittedPerson, AdmittedRun } from './admit.ts'
import { readInput } from './invalid-request.ts'
import { placesOf } from './path-places.ts'
import type { Principal } from './principal.ts'

/** The methods of routes. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** For routes without parameters in the path, or in the query. */
export const nothing = z.strictObject({})

/** For routes without a body. */
export const noBody = z.undefined()

/** What a route is, as its file declares it. */
interface Declaration<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType, Who> {
  /** Its name in the API's description, and of functions that are generated from it: `listRings`. */
  readonly id: string
  readonly method: Method
  /** Such as `/v1/repos/{owner}/{repo}/rings`. */
  readonly path: string
  /** One line. */
  readonly summary: string
  readonly params: P
  readonly query: Q
  readonly body: B
  /** Of the answer when it was done. @default 200 */
  readonly status?: number
  /** Of the answer's body. What is given and not in the schema is left out; a codec is written in its wire form. */
  readonly answer: A
  /** One request that fits: for the API's description, and for tests that call every route. */
  readonly example: { readonly params: z.input<P>; readonly query: z.input<Q>; readonly body: z.input<B> }
  handle(call: Call<P, Q, B, Who>): Promise<z.output<A>>
}

/** A request that fits the declaration. */
interface Call<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, Who> {
  readonly who: Who
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
  /**
   * Names the request wherever it is done: the sender with their `Idempotency-Key`. Answers are kept, but a replica that dies between doing and
   * answering keeps none: what must not be done twice is stored under this.
   */
  readonly idempotencyKey: string | undefined
  /** Stands in the answer, in the log, and as the cause in the audit log. */
  readonly requestId: string
}

/** A request as it came. */
export interface RawCall {
  readonly who: Admitted
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly idempotencyKey: string | undefined
  readonly requestId: string
}

/** A route, whatever it takes and answers. */
export interface ApiRoute {
  readonly id: string
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly access: Access
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly body: z.ZodType
  readonly status: number
  readonly answer: z.ZodType
  readonly example: { readonly params: unknown; readonly query: unknown; readonly body: unknown }
  /** @returns the body of the answer, as it is sent; @throws {RingwayError} `request_invalid`, and whatever the route refuses with */
  call(call: RawCall): Promise<unknown>
}

type Declare<Who> = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(
  declaration: Declaration<P, Q, B, A, Who>,
) => ApiRoute

/** A route that anyone may call. */
export const publicRoute: Declare<undefined> = declaration => declare(declaration, 'anyone', () => undefined)

/** A route for whoever proves who they are. */
export const signedInRoute: Declare<Principal> = declaration =>
  declare(declaration, 'signed_in', who => (who.kind === 'principal' ? who.principal : wrongKind(who)))

/** A route about the repository that `{owner}` and `{repo}` name, for people to whom it is shown. */
export const repositoryRoute: Declare<AdmittedPerson> = declaration =>
  declare(withPlaces(declaration, ['owner', 'repo']), 'view', personOf)

/** A route that changes something in the repository; who may do what is decided by the command that it gives. */
export const changeRoute: Declare<AdmittedPerson> = declaration =>
  declare(withPlaces(declaration, ['owner', 'repo']), 'change', personOf)

/** A route for admins of the repository. */
export const adminRoute: Declare<AdmittedPerson> = declaration =>
  declare(withPlaces(declaration, ['owner', 'repo']), 'admin', personOf)

/** A route that does something to the ring that `{owner}`, `{repo}`, `{solution}` and `{ring}` name, for people who may. */
export function ringRoute(action: RingAction): Declare<AdmittedPerson> {
  return declaration => declare(withPlaces(declaration, ['owner', 'repo', 'solution', 'ring']), { action }, personOf)
}

/** A route for runs of Actions. Which run it must be is for the route to compare: `checkRunIdentity`. */
export const runRoute: Declare<AdmittedRun> = declaration =>
  declare(declaration, 'run', who => (who.kind === 'run' ? who : wrongKind(who)))

function declare<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType, Who>(
  declaration: Declaration<P, Q, B, A, Who>,
  access: Access,
  whoOf: (who: Admitted) => Who,
): ApiRoute {
  const { params, query, body, answer, status = 200 } = withPlaces(declaration, Object.keys(declaration.params.shape))
  return {
    ...declaration,
    status,
    access,
    async call({ who, idempotencyKey, requestId, ...given }) {
      const input = readInput({ params, query, body }, given)
      const done = await declaration.handle({ ...input, who: whoOf(who), idempotencyKey, requestId })
      return z.encode(answer, done)
    },
  }
}

/** A place that the path lacks would be looked for in vain with every request. */
function withPlaces<D extends { readonly id: string; readonly path: string }>(
  declaration: D,
  needed: readonly string[],
): D {
  const places = placesOf(declaration.path)
  const missing = needed.filter(place => !places.includes(place))
  if (missing.length === 0) return declaration
  throw new TypeError(`The path of ${declaration.id} lacks {${missing.join('}, {')}}.`)
}

function personOf(who: Admitted): AdmittedPerson {
  return who.kind === 'person' ? who : wrongKind(who)
}

function wrongKind(who: Admitted): never {
  throw new TypeError(`A route was called for ${who.kind}, which is none that it admits.`)
}
