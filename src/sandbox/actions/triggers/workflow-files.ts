import type { Repository } from '../../world/repository.ts'
import { readWorkflowFile, type WorkflowFile } from '../workflow/workflow-file.ts'

const DIRECTORY = '.github/workflows/'

/** Reads workflow files of commits; a file that did not change is parsed once. */
export interface WorkflowFiles {
  /** All workflow files at a commit, sorted by path. */
  at(repository: Repository, commit: string): Promise<readonly WorkflowFile[]>
}

export function createWorkflowFiles(): WorkflowFiles {
  const parsed = new Map<string, Promise<WorkflowFile>>()
  return {
    async at(repository, commit) {
      const entries = await repository.git.tree(commit, { path: DIRECTORY })
      const files = entries.filter(({ type, path }) => type === 'blob' && /\.ya?ml$/.test(path))
      return await Promise.all(
        files.map(({ path, sha }) => {
          const key = `${sha} ${path}`
          const known = parsed.get(key) ?? read(repository, { path, sha })
          parsed.set(key, known)
          return known
        }),
      )
    },
  }
}

async function read(
  repository: Repository,
  file: { readonly path: string; readonly sha: string },
): Promise<WorkflowFile> {
  const content = await repository.git.blob(file.sha)
  return await readWorkflowFile(file.path, content.toString('utf8'))
}
