import './json-modules.ts'

/**
 * GitHub's own workflow and expression libraries. Dynamic imports, because the hook of `json-modules.ts` has to be in
 * place before the first byte of them is loaded; a static import would be linked ahead of it.
 */
export const workflowParser = await import('@actions/workflow-parser')
export const actionParser = await import('@actions/workflow-parser/actions/action-parser')
export const expressions = await import('@actions/expressions')
