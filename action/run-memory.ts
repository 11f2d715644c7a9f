import { assignmentMessage } from '../src/adapters/control-plane/run-messages.ts'
import type { RunMemory } from '../src/engine/run/assignment-ports.ts'

/** What the post step finds of a run, as text. */
export function writeMemory({ assignment, handedOver }: RunMemory): string {
  return JSON.stringify({ assignment: assignmentMessage.encode(assignment), handed_over: handedOver })
}

/** Reads what {@link writeMemory} wrote in the same job. */
export function readMemory(text: string): RunMemory {
  const value: unknown = JSON.parse(text)
  return {
    assignment: assignmentMessage.parse(Reflect.get(Object(value), 'assignment')),
    // Where it is not said, the safe way is to leave the target alone.
    handedOver: Reflect.get(Object(value), 'handed_over') !== false,
  }
}
