import type { ActionsTokenVerifier } from '../../src/adapters/oidc/verify-actions-token.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { UserTokens } from '../../src/ports/user-tokens.ts'
import type { Principal } from './principal.ts'

/** What proves who somebody is. */
export interface Authentication {
  readonly actionsTokens: ActionsTokenVerifier
  readonly userTokens: UserTokens
  /** The audience that runs ask their tokens for: the App's public URL. */
  readonly audience: string
}

/**
 * Tokens that people hold: personal (classic and fine-grained), and of an OAuth app such as GitHub's command line. Those of somebody's sign-in to
 * an App (`ghu_`) are not among them: any other App that the person ever signed in to holds one as well, and would be that person here.
 */
const ofPeople = /^(?:gh[po]_|github_pat_)[A-Za-z0-9_]{20,255}$/
const ofApps = /^gh[sru]_/
const ofRuns = /^e[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/

/**
 * Finds out who sends a request. Only what looks like a token of GitHub is ever shown to GitHub.
 *
 * @param authorization - the header of that name
 * @throws {RingwayError} `unauthenticated`, `token_replayed`, `github_unreachable`
 */
export async function authenticate(proof: Authentication, authorization: string | undefined): Promise<Principal> {
  const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw unauthenticated('The request has no `Authorization: Bearer …` header.')
  if (ofApps.test(token)) throw tokenOfApp(proof.audience)
  if (ofRuns.test(token)) return { kind: 'run', claims: await proof.actionsTokens.verify(token) }
  if (!ofPeople.test(token)) throw unauthenticated('The token is none of the kinds that prove who somebody is.')
  const { userTokens } = proof
  const owner = await userTokens.owner(token)
  if (owner === undefined) throw unauthenticated('GitHub does not know the token.')
  return {
    kind: 'user',
    owner,
    roleOf: repository => userTokens.role(token, repository),
    repositories: () => userTokens.repositories(token),
  }
}

function unauthenticated(message: string): RingwayError {
  return new RingwayError({
    code: 'unauthenticated',
    message,
    remedy: 'Send a GitHub token of yours: `Authorization: Bearer $(gh auth token)`.',
  })
}

/** Such a token says what an App may do, and not who does it. */
function tokenOfApp(audience: string): RingwayError {
  return new RingwayError({
    code: 'unauthenticated',
    message: 'A `GITHUB_TOKEN`, and any other token of an App, says nothing of who uses it.',
    remedy: `In a job, give it \`id-token: write\` and send the token of \`core.getIDToken('${audience}')\`; elsewhere send a token of your own.`,
  })
}
