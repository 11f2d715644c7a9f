import type { Installation, Installations } from '../../ports/installations.ts'
import { installationPayload, installedRepositoriesPayload } from './app-payloads.ts'
import type { GithubApp } from './github-app.ts'
import { pages } from './github-client.ts'

/** Installations of the App, through GitHub's REST API. */
export function createGithubInstallations(app: GithubApp): Installations {
  return {
    async *list() {
      for await (const page of pages(app.calls, 'GET /app/installations', {})) {
        for (const data of Array.isArray(page) ? page : []) yield decodeInstallation(data)
      }
    },
    async read(tenant) {
      const answer = await app.calls.read('GET /app/installations/{installation_id}', { installation_id: tenant })
      return answer === undefined ? undefined : decodeInstallation(answer.data)
    },
    async *repositories(tenant) {
      for await (const page of pages(app.callsFor(tenant), 'GET /installation/repositories', {})) {
        for (const repository of installedRepositoriesPayload.parse(page).repositories) {
          yield {
            id: repository.id,
            fullName: repository.full_name,
            defaultBranch: repository.default_branch,
            isPrivate: repository.private,
            isArchived: repository.archived,
            isFork: repository.fork,
          }
        }
      }
    },
  }
}

function decodeInstallation(data: unknown): Installation {
  const { id, account, suspended_at, permissions, events } = installationPayload.parse(data)
  const kind = account.type === 'Organization' ? 'organisation' : account.type === '' ? 'enterprise' : 'user'
  return {
    id,
    account: { login: account.login, id: account.id, kind },
    suspended: typeof suspended_at === 'string',
    permissions,
    events,
  }
}
