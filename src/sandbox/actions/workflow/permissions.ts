import { entriesOf, type TemplateNode, textOf } from './template-node.ts'

/** What a job's token may do: permission name as the API spells it (`id_token`) to access. */
export type JobPermissions = Readonly<Record<string, 'read' | 'write'>>

// Everything that `read-all` and `write-all` stand for.
const NAMES = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'issues',
  'packages',
  'pages',
  'pull_requests',
  'repository_projects',
  'security_events',
  'statuses',
]

/** What a token may do where no file says it: GitHub's restricted default. */
export const RESTRICTED_PERMISSIONS: JobPermissions = { contents: 'read', metadata: 'read', packages: 'read' }

/**
 * Reads a `permissions` value; undefined where the file says nothing. As soon as it says anything, all that it does not
 * name is denied; reading the repository's metadata is always allowed.
 */
export function readPermissions(node: TemplateNode | undefined): JobPermissions | undefined {
  if (node === undefined) return undefined
  const preset = textOf(node)
  if (preset === 'read-all') return withMetadata(NAMES.map(name => [name, 'read']))
  if (preset === 'write-all') return withMetadata([...NAMES, 'id_token'].map(name => [name, 'write']))
  return withMetadata(
    [...entriesOf(node)].flatMap(([name, value]) => {
      const access = textOf(value)
      return access === 'read' || access === 'write' ? [[name.replaceAll('-', '_'), access]] : []
    }),
  )
}

function withMetadata(granted: readonly (readonly [string, 'read' | 'write'])[]): JobPermissions {
  return { metadata: 'read', ...Object.fromEntries(granted) }
}
