/** Every output with what it says, once. `action.yml` and `docs/action.md` are compared with it by a test. */
export const outputDefinitions = {
  decision: 'done, nothing, refused, failed or errored.',
  'reason-code': 'Why, from the closed list in docs/action.md.',
  result: 'The whole result as JSON; `schema_version` says its form.',
  version: 'The version, such as v42; empty for a draft.',
  digest: 'The artifact: sha256: and 64 hexadecimal digits.',
  artifact: 'Where the artifact can be pulled: the store with the digest.',
  'deployment-id': 'The id of the GitHub Deployment.',
  state: 'The state in which the deployment ended.',
  'previous-version': 'The version that was active before.',
  url: 'Where the version answers, as the target reported it.',
  changed: 'build: true when a new version was published or the first ring points to another one.',
} as const

/** The name of an output. */
export type OutputName = keyof typeof outputDefinitions

/** The values of one run. Outputs that do not apply stay empty. */
export type Outputs = Partial<Record<OutputName, string>>
