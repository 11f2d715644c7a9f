import type { SweepAgenda } from '../../ports/sweep-agenda.ts'
import type { ControlPorts } from '../control/control-ports.ts'

/** What looking at a repository by itself asks of the outside. */
export interface SweepPorts extends ControlPorts {
  readonly agenda: SweepAgenda
  /** Tells whoever runs the App. */
  readonly tell: (line: string) => void
}
