import { presentFullRepository } from './present/repository.ts'
import { ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

export const repositoryRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    needs: { metadata: 'read' },
    handle: ({ repository }) => ok(presentFullRepository(world, repository)),
  })
}
