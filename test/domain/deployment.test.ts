import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DeploymentEvent,
  type DeploymentState,
  deploymentEvents,
  deploymentStates,
  isFinal,
  transition,
} from '../../src/domain/deployment.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'

const no = 'refused'
type Row = Record<DeploymentEvent, DeploymentState | typeof no>
const nothing: Row = {
  slot_taken: no,
  packaged: no,
  placed: no,
  validated: no,
  build_failed: no,
  deploy_failed: no,
  validation_failed: no,
  rollback_ordered: no,
  restored: no,
  took_over: no,
}
// A state that is added to the union and not to this table does not compile; an event that is added must be answered by `nothing`.
const table: Record<DeploymentState, Row> = {
  queued: { ...nothing, slot_taken: 'building' },
  building: { ...nothing, packaged: 'deploying', build_failed: 'failed' },
  deploying: { ...nothing, placed: 'validating', deploy_failed: 'failed' },
  validating: { ...nothing, validated: 'active', validation_failed: 'rolling_back' },
  active: { ...nothing, rollback_ordered: 'rolling_back', took_over: 'superseded' },
  failed: nothing,
  rolling_back: { ...nothing, restored: 'rolled_back' },
  rolled_back: nothing,
  superseded: nothing,
}

function attempt(state: DeploymentState, event: DeploymentEvent): DeploymentState | typeof no {
  try {
    return transition(state, event)
  } catch (error) {
    if (error instanceof RingwayError && error.code === 'internal_error') return no
    throw error
  }
}

const cells = deploymentStates.flatMap(state =>
  deploymentEvents.map(event => ({ state, event, to: table[state][event] })),
)

describe('[M6] the nine states and only the drawn transitions', () => {
  it('has a cell for every state and event', () => {
    expect(cells).toHaveLength(90)
    expect(cells.filter(cell => cell.to !== no)).toHaveLength(10)
  })

  it.each(cells)('$state + $event → $to', ({ state, event, to }) => {
    expect(attempt(state, event)).toBe(to)
  })

  it('says which state could not take which event', () => {
    expect(() => transition('queued', 'placed')).toThrow('A deployment that is queued cannot take the event placed.')
  })

  it.each(deploymentStates)('%s is final exactly when no event leads on', state => {
    expect(isFinal(state)).toBe(['failed', 'rolled_back', 'superseded'].includes(state))
  })

  it('walks only drawn transitions, whatever happens in whatever order', () => {
    const walked = new Set<DeploymentState>()
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...deploymentEvents), { minLength: 80, maxLength: 80 }), events => {
        let state: DeploymentState = 'queued'
        for (const event of events) {
          const next = attempt(state, event)
          expect(next).toBe(table[state][event])
          if (next === no) continue
          state = next
          walked.add(state)
        }
      }),
      { numRuns: 500, seed: 6 },
    )
    expect([...walked].toSorted()).toEqual(deploymentStates.filter(state => state !== 'queued').toSorted())
  })
})
