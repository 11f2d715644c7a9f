import { createCommandTarget } from '../../src/adapters/command/command-target.ts'
import { createCheckRunner } from '../../src/adapters/command/ring-checks.ts'
import { durationMs } from '../../src/domain/units.ts'
import type { CheckOutcome } from '../../src/ports/check-runner.ts'
import type { Placement, TargetOutcome } from '../../src/ports/target.ts'
import type { ExampleRepository } from './example-repository.ts'
import type { RunningMachine } from './running-machine.ts'
import type { UnpackedArtifact } from './unpacked-artifact.ts'

/** A version of an example, as the Action has it when it deploys. */
export interface BuiltVersion {
  readonly version: string
  readonly artifact: UnpackedArtifact
}

/** One ring of an example, deployed by the ring file's own commands through the product's own target. */
export interface RingOnMachine {
  readonly printed: readonly string[]
  place(candidate: BuiltVersion, previous?: BuiltVersion): Promise<TargetOutcome>
  activate(candidate: BuiltVersion): Promise<TargetOutcome>
  restore(healthy: BuiltVersion, failed: BuiltVersion): Promise<TargetOutcome>
  remove(version: BuiltVersion): Promise<TargetOutcome>
  /** Runs the ring's checks in order, up to the first that does not pass. */
  check(candidate: BuiltVersion, url: string): Promise<CheckOutcome>
  /** Where the ring answers. */
  front(): Promise<string>
}

export function ringOnMachine(at: {
  readonly example: ExampleRepository
  readonly machine: RunningMachine
  readonly ring: string
}): RingOnMachine {
  const { example, machine } = at
  const ring = example.ring(at.ring)
  const printed: string[] = []
  const surroundings = { environment: { PATH: process.env['PATH'] }, onLine: (line: string) => void printed.push(line) }
  const driver = createCommandTarget(surroundings)
  const checks = createCheckRunner(surroundings)
  const placement = ({ version, artifact }: BuiltVersion, previous?: BuiltVersion): Placement => ({
    directory: artifact.directory,
    manifest: artifact.manifest,
    solution: example.solution.name,
    ring: ring.name,
    environment: ring.environment,
    deployment: 1,
    version,
    digest: artifact.digest,
    previous: previous && { version: previous.version, digest: previous.artifact.digest },
    // What a user writes into `config:` of the ring file.
    configuration: {
      ...example.configuration(ring.name),
      MACHINE: machine.address(),
      MACHINE_TOKEN_FILE: machine.tokenFile,
    },
    deadline: durationMs(30_000),
  })
  return {
    printed,
    place: (candidate, previous) => driver.place(ring.deploy, placement(candidate, previous)),
    activate: candidate => driver.activate(ring.deploy, placement(candidate)),
    restore: (healthy, failed) => driver.restore(ring.deploy, placement(healthy, failed)),
    remove: version => driver.remove(ring.deploy, placement(version)),
    check: async (candidate, url) => {
      for (const check of ring.checks) {
        const outcome = await checks.run(check, { placement: placement(candidate), url })
        if (outcome.kind !== 'passed') return outcome
      }
      return { kind: 'passed', words: 'all', evidence: '', attempts: 1, tookMs: 0 }
    },
    front: async () => (await machine.ring(ring.name)).front,
  }
}

/** The URL that a target reported; fails where it did not place the version. */
export function urlOf(outcome: TargetOutcome): string {
  if (outcome.kind === 'done' && outcome.url !== undefined) return outcome.url
  throw new Error(JSON.stringify(outcome))
}
