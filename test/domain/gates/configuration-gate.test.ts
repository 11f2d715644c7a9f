import { describe, expect, it } from 'vitest'
import {
  type ConfigurationFacts,
  configurationGate,
  connectorStates,
  type RingNeeds,
} from '../../../src/domain/gates/configuration-gate.ts'
import { configurationNeeds } from '../../../src/domain/gates/configuration-needs.ts'

const zendesk = { connector: 'zendesk', connectedBy: 'ZENDESK_TOKEN' }
const needs: RingNeeds = { secrets: ['API_KEY'], connectors: [zendesk], values: ['REGION'] }
const environment = { secrets: ['API_KEY', 'ZENDESK_TOKEN', 'OTHER'], variables: ['URL'] }
const good: ConfigurationFacts = { needs, environment, values: ['LOG_LEVEL', 'REGION'] }
const without = (secrets: readonly string[]): ConfigurationFacts => ({
  ...good,
  environment: { secrets, variables: [] },
})

describe('[F5] what the ring must have', () => {
  it.each<[string, ConfigurationFacts, 'pass' | 'fail' | 'errored', string]>([
    [
      'nobody could read the candidate',
      { ...good, needs: undefined },
      'errored',
      'what the version needs of the ring could not be read',
    ],
    ['has all', good, 'pass', 'the ring has every secret, connector and value'],
    [
      'needs nothing',
      { ...good, needs: { secrets: [], connectors: [], values: [] }, environment: undefined },
      'pass',
      'needs nothing of the ring',
    ],
    [
      'names in another case',
      without(['api_key', 'Zendesk_Token']),
      'pass',
      'the ring has every secret, connector and value',
    ],
    ['a secret is missing', without(['ZENDESK_TOKEN']), 'fail', 'secret missing: API_KEY'],
    [
      'a secret that is only a variable',
      { ...good, environment: { secrets: ['ZENDESK_TOKEN'], variables: ['API_KEY'] } },
      'fail',
      'secret missing: API_KEY',
    ],
    [
      'a connector by a variable',
      { ...good, environment: { secrets: ['API_KEY'], variables: ['ZENDESK_TOKEN'] } },
      'pass',
      'the ring has every secret, connector and value',
    ],
    ['a value is missing', { ...good, values: ['LOG_LEVEL'] }, 'fail', 'configuration value missing: REGION'],
    [
      'everything is missing, and all is said',
      {
        needs: { secrets: ['A', 'B'], connectors: [zendesk], values: ['X', 'Y'] },
        environment: { secrets: [], variables: [] },
        values: [],
      },
      'fail',
      'secrets missing: A, B; zendesk is not connected: neither a secret nor a variable is called ZENDESK_TOKEN; configuration values missing: X, Y',
    ],
    [
      'a connector that nobody declared',
      { ...good, needs: { ...needs, connectors: [{ connector: 'jira', connectedBy: undefined }] } },
      'fail',
      'nothing says how jira is connected: name it under `connectors`',
    ],
    [
      'nobody could read the names',
      { ...good, environment: undefined },
      'errored',
      'which secrets and variables the environment has could not be read',
    ],
    [
      'nobody could read the names, and a value is missing',
      { ...good, environment: undefined, values: [] },
      'fail',
      'configuration value missing: REGION',
    ],
  ])('%s: %3$s', (_, facts, verdict, words) => {
    expect(configurationGate(facts)).toMatchObject({ gate: 'configuration', verdict, words })
  })

  it('[F4] has a row for each connector', () => {
    const connectors = [
      zendesk,
      { connector: 'mail', connectedBy: 'MAIL' },
      { connector: 'jira', connectedBy: undefined },
    ]
    const states = (of: ConfigurationFacts['environment']): readonly string[] =>
      connectorStates({ connectors }, of).map(({ state }) => state)
    expect(states(environment)).toEqual(['connected', 'missing', 'undeclared'])
    expect(states(undefined)).toEqual(['unknown', 'unknown', 'undeclared'])
  })
})

describe('what an artifact needs of a ring', () => {
  const component = { kind: 'agent', uses: [], tools: [] }
  const components = [
    { ...component, name: 'triage', connectors: ['zendesk', 'crm'], secrets: ['B', 'A'] },
    { ...component, name: 'reply', connectors: ['zendesk', 'constructor'], secrets: ['A'] },
    { ...component, name: 'crm', connectors: [], secrets: [] },
  ]
  it('names each once; a connector that is a component comes with it', () => {
    const solution = { connectors: { zendesk: 'ZENDESK_TOKEN' }, requiredConfig: ['REGION'] }
    expect(configurationNeeds({ components }, solution)).toEqual({
      secrets: ['A', 'B'],
      connectors: [{ connector: 'constructor', connectedBy: undefined }, zendesk],
      values: ['REGION'],
    })
  })
})
