import { assignmentMessage } from '../src/adapters/control-plane/run-messages.ts'
import type { Reach, RunMemory } from '../src/engine/run/assignment-ports.ts'

const reaches: readonly Reach[] = ['untouched', 'touched', 'handed_over']

/** What the post step finds of a run, as text. */
export function writeMemory({ assignment, reach }: RunMemory): string {
  return JSON.stringify({ assignment: assignmentMessage.encode(assignment), reach })
}

/** Reads what {@link writeMemory} wrote in the same job. */
export function readMemory(text: string): RunMemory {
  const value: unknown = JSON.parse(text)
  return {
    assignment: assignmentMessage.parse(Reflect.get(Object(value), 'assignment')),
    // One that is not known is of another version; the safe way is to ask the App first.
    reach: reaches.find(known => known === Reflect.get(Object(value), 'reach')) ?? 'handed_over',
  }
}
