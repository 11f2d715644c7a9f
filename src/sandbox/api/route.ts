import type { z } from 'zod'
import type { Permissions } from '../world/permission.ts'
import type { Repository } from '../world/repository.ts'
import type { Actor } from './actor.ts'

export interface Reply {
  readonly status: number
  /** Sent as JSON, a Buffer or string as it is; undefined is an empty answer. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One request as a route's handler sees it: authenticated and permitted. */
export interface Call {
  readonly actor: Actor
  /** The request's full address with its query, for links to other pages. */
  readonly url: URL
  /** A header, by its lower-case name. */
  readonly header: (name: string) => string | undefined
  /** A value out of the path, decoded. */
  readonly param: (name: string) => string
  /** A numeric value out of the path; anything else is a 404, as on GitHub. */
  readonly id: (name: string) => number
  /** A value out of the query string. */
  readonly query: (name: string) => string | undefined
  /** The JSON body, decoded; what does not fit is a 422 that names the field. An empty body reads as `{}`. */
  readonly read: <Body>(schema: z.ZodType<Body>) => Body
}

/** A request below `/repos/{owner}/{repo}`. */
export interface RepositoryCall extends Call {
  readonly repository: Repository
  /** Refuses unless the actor has these permissions here: for needs that depend on the request. */
  readonly demand: (needed: Permissions) => void
}

interface RouteAddress {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /**
   * The path as GitHub's OpenAPI document writes it, below the API's root: `/repos/{owner}/{repo}/git/ref/{ref}`. A last
   * segment `{ref}`, `{path}` or `{basehead}` takes the rest of the path, slashes included.
   */
  readonly path: string
}

export interface RepositoryRoute extends RouteAddress {
  /** What a job's or an App's token must hold, and what a person's role must amount to. */
  readonly needs: Permissions
  readonly handle: (call: RepositoryCall) => Reply | Promise<Reply>
}

export interface PlainRoute extends RouteAddress {
  /** `app`: a JWT of the App; `signed_in`: anybody with good credentials; `anyone`: also without. */
  readonly by: 'app' | 'signed_in' | 'anyone'
  readonly handle: (call: Call) => Reply | Promise<Reply>
}

/** Where routes are declared; implemented by `server.ts`. */
export interface ApiServer {
  repositoryRoute(route: RepositoryRoute): void
  plainRoute(route: PlainRoute): void
}

export function ok(body: unknown): Reply {
  return { status: 200, body }
}

export function created(body: unknown): Reply {
  return { status: 201, body }
}

export function noContent(): Reply {
  return { status: 204 }
}
