import { openTestRepository, type TestRepository } from '../support/test-repository.ts'

/** The ring file of {@link openServiceRepository}. */
export const serviceRings = `version: 1
solutions:
  shop:
    components:
      web:
        kind: service
        start: node server.mjs
        path: /
        files: [server.mjs]
        input: order.json
        secrets: [SHOP_KEY]
        timeout: 30s
    config: { LOG_LEVEL: info }
    rings:
      dev:
        deploy-on: push
        deploy: { target: command, run: ./deploy.sh, rollback: ./deploy.sh }
      production:
        after: dev
        config: { LOG_LEVEL: warn }
        deploy: { target: command, run: ./deploy.sh, rollback: ./deploy.sh }
`

const orderSchema = {
  type: 'object',
  required: ['item'],
  properties: { item: { type: 'string' }, count: { type: 'integer' } },
}

/** A repository with one service that stands in one commit. */
export async function openServiceRepository(files: Readonly<Record<string, string>> = {}): Promise<TestRepository> {
  const repository = await openTestRepository({
    'server.mjs': 'serve()\n',
    'deploy.sh': '#!/bin/sh\n',
    'order.json': JSON.stringify(orderSchema),
    '.github/rings.yml': serviceRings,
    ...files,
  })
  await repository.commit('Begin')
  return repository
}

/** Numbers an artifact as the build job does. */
export async function tagVersion(
  repository: TestRepository,
  version: { readonly name: string; readonly digest: string; readonly content: string },
): Promise<void> {
  const message = `artifact ${version.digest}\ncontent ${version.content}\n`
  await repository.git('tag', '--annotate', '--message', message, `ringway/shop/${version.name}`)
}
