import type { GateVerdict } from '../domain/gates/gate-verdict.ts'
import { RingwayError } from '../domain/ringway-error.ts'

/** A gate said no, or not yet. */
export class Refusal extends RingwayError {
  readonly gates: readonly GateVerdict[]

  constructor(gates: readonly GateVerdict[]) {
    const first = gates.find(gate => gate.verdict === 'fail') ?? gates.find(gate => gate.verdict !== 'pass')
    const remedy = first?.remedy ?? (first?.until === undefined ? '' : 'Deploy again when it has passed.')
    super({
      code: first?.reason ?? 'internal_error',
      message: first === undefined ? 'A gate holds.' : `${first.gate.replaceAll('_', ' ')}: ${first.words}`,
      remedy,
      kind: gates.some(gate => gate.verdict === 'fail') || first?.verdict !== 'errored' ? 'failed' : 'errored',
    })
    this.gates = gates
  }
}
