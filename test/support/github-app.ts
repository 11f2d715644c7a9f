import { importPKCS8, SignJWT } from 'jose'
import type { GithubApp, Installation } from '../../src/sandbox/world/github-app.ts'
import type { Permissions } from '../../src/sandbox/world/permission.ts'
import type { Api, RehearsedGithub } from './rehearsed-github.ts'

export interface InstalledApp {
  readonly app: GithubApp
  readonly installation: Installation
  readonly privateKey: string
  /** The API with a JWT of the App. */
  readonly asApp: Api
  /** The API with an installation token, narrowed to these permissions. */
  readonly asInstallation: (permissions?: Permissions) => Promise<Api>
}

/** Registers an App and installs it on the organisation. */
export async function installTestApp(
  github: RehearsedGithub,
  request: { slug: string; permissions: Permissions; events?: readonly string[]; url?: string; secret?: string },
): Promise<InstalledApp> {
  const { sandbox } = github
  const { slug, permissions, events = [], url, secret = 'a secret of sufficient length' } = request
  const { app, privateKey } = sandbox.registerApp({
    slug,
    owner: github.acme,
    permissions,
    events,
    ...(url === undefined ? {} : { webhook: { url, secret } }),
  })
  const installation = sandbox.installApp({ app, account: github.acme, by: github.alice })
  const asApp = github.as(await appJwt({ issuer: String(app.id), privateKey }))
  return {
    app,
    installation,
    privateKey,
    asApp,
    async asInstallation(narrowed) {
      const body = narrowed === undefined ? {} : { permissions: narrowed }
      const answer = await asApp(`POST /app/installations/${installation.id}/access_tokens`, body)
      if (answer.status !== 201) throw new Error(`expected a token, got ${JSON.stringify(answer.body)}`)
      return github.as(String(Object(answer.body).token))
    },
  }
}

export async function appJwt(request: {
  issuer: string
  privateKey: string
  /** Seconds from now; default 540. */
  lifetime?: number
  algorithm?: string
}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const algorithm = request.algorithm ?? 'RS256'
  return new SignJWT({})
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(request.issuer)
    .setIssuedAt(now - 30)
    .setExpirationTime(now + (request.lifetime ?? 540))
    .sign(await importPKCS8(request.privateKey, algorithm))
}
