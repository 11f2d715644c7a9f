import { type GateVerdict, passed } from './gate-verdict.ts'

/** What a candidate needs of a ring, and what the ring has: names only, never values. */
export interface ConfigurationFacts {
  /** Undefined when the candidate could not be read. */
  readonly needs: RingNeeds | undefined
  /** What GitHub gives to a job of the ring's environment: its own, the repository's and the organisation's; undefined: not readable. */
  readonly environment: { readonly secrets: readonly string[]; readonly variables: readonly string[] } | undefined
  /** Names of the ring's effective configuration. */
  readonly values: readonly string[]
}

/** What a candidate needs of whatever ring it enters. */
export interface RingNeeds {
  /** Secrets that its components read. */
  readonly secrets: readonly string[]
  /** Connectors that its components use. */
  readonly connectors: readonly ConnectorNeed[]
  /** Configuration values that the solution cannot do without. */
  readonly values: readonly string[]
}

/** A connector, and the secret or variable that connects it; undefined where nothing says which. */
export interface ConnectorNeed {
  readonly connector: string
  readonly connectedBy: string | undefined
}

/** A connector as it stands in a ring. `undeclared`: nothing says which secret or variable connects it. */
export interface ConnectorState extends ConnectorNeed {
  readonly state: 'connected' | 'missing' | 'undeclared' | 'unknown'
}

/** Each connector that a candidate uses, as it stands in the ring. */
export function connectorStates(
  needs: Pick<RingNeeds, 'connectors'>,
  environment: ConfigurationFacts['environment'],
): readonly ConnectorState[] {
  return needs.connectors.map(need => {
    if (need.connectedBy === undefined) return { ...need, state: 'undeclared' }
    if (environment === undefined) return { ...need, state: 'unknown' }
    const isThere = has(environment.secrets, need.connectedBy) || has(environment.variables, need.connectedBy)
    return { ...need, state: isThere ? 'connected' : 'missing' }
  })
}

/** Whether the ring has every secret, every connector and every configuration value that the candidate needs. */
export function configurationGate(facts: ConfigurationFacts): GateVerdict {
  const { needs, environment } = facts
  if (needs === undefined) {
    return {
      gate: 'configuration',
      verdict: 'errored',
      reason: 'store_unreachable',
      words: 'what the version needs of the ring could not be read',
      remedy: 'Let the App read the artifact store, and try again.',
    }
  }
  const faults = faultsOf(needs, facts)
  if (faults.length > 0) {
    return {
      gate: 'configuration',
      verdict: 'fail',
      reason: 'configuration_missing',
      words: faults.join('; '),
      remedy: 'Add what is missing to the GitHub Environment or the ring file, and promote again.',
    }
  }
  const asksGithub = needs.secrets.length + needs.connectors.length > 0
  if (asksGithub && environment === undefined) {
    return {
      gate: 'configuration',
      verdict: 'errored',
      reason: 'github_denied',
      words: 'which secrets and variables the environment has could not be read',
      remedy: 'Let the App read secrets, variables and environments (names only), and try again.',
    }
  }
  const count = needs.secrets.length + needs.connectors.length + needs.values.length
  const words = count === 0 ? 'needs nothing of the ring' : 'the ring has every secret, connector and value'
  return passed('configuration', words)
}

function faultsOf(
  needs: RingNeeds,
  { environment, values: present }: Pick<ConfigurationFacts, 'environment' | 'values'>,
): readonly string[] {
  const secrets = environment === undefined ? [] : needs.secrets.filter(name => !has(environment.secrets, name))
  const values = needs.values.filter(name => !present.includes(name))
  return [
    ...missing(secrets, secrets.length === 1 ? 'secret' : 'secrets'),
    ...connectorStates(needs, environment).flatMap(connectorFault),
    ...missing(values, values.length === 1 ? 'configuration value' : 'configuration values'),
  ]
}

function missing(names: readonly string[], what: string): readonly string[] {
  return names.length === 0 ? [] : [`${what} missing: ${names.join(', ')}`]
}

function connectorFault({ connector, connectedBy, state }: ConnectorState): readonly string[] {
  if (state === 'missing')
    return [`${connector} is not connected: neither a secret nor a variable is called ${connectedBy}`]
  return state === 'undeclared' ? [`nothing says how ${connector} is connected: name it under \`connectors\``] : []
}

/** GitHub's names of secrets and variables are the same in capitals and in small letters. */
function has(names: readonly string[], wanted: string | undefined): boolean {
  return names.some(name => name.toUpperCase() === wanted?.toUpperCase())
}
