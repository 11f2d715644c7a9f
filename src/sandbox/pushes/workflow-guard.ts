import type { Actor } from '../api/actor.ts'
import { grants } from '../world/permission.ts'
import type { Repository } from '../world/repository.ts'

const FOLDER = '.github/workflows'

/**
 * The workflow file for which GitHub refuses an App or a job to point a ref at `sha`: one that differs from the default
 * branch's head, unless the token has the permission `workflows`. Undefined when nothing stands in the way.
 */
export async function guardedWorkflow(actor: Actor, repository: Repository, sha: string): Promise<string | undefined> {
  if (actor.kind !== 'job' && actor.kind !== 'installation') return undefined
  if (grants(actor.token.permissions, { workflows: 'write' })) return undefined
  const { git } = repository
  const [commit, head] = await Promise.all([git.resolve(`${sha}^{commit}`), git.commitOf(repository.defaultBranch)])
  if (commit === undefined) return undefined
  const known = new Map(head === undefined ? [] : await workflowFiles(repository, head))
  const different = (await workflowFiles(repository, commit)).find(([path, blob]) => known.get(path) !== blob)
  return different?.[0]
}

export function workflowRefusal(path: string): string {
  return `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`
}

async function workflowFiles(repository: Repository, commit: string): Promise<[string, string][]> {
  const entries = await repository.git.tree(commit, { path: `${FOLDER}/` })
  return entries.filter(entry => entry.type === 'blob').map(entry => [entry.path, entry.sha])
}
