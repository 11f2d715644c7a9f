import type { ManifestComponent } from '../domain/manifest.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { Component, RingFile, Solution } from '../domain/solution.ts'
import type { PublishRequest } from '../ports/artifacts.ts'
import type { FileProblem } from '../ports/journal.ts'
import type { BuildPorts } from './build-ports.ts'

/** A solution that compiled: what is to be packed. */
export interface CompiledSolution {
  readonly solution: Solution
  readonly request: PublishRequest
}

/**
 * Runs the solution's build command, reads its tree and compiles it. Every problem is in the journal, as an annotation of its file; errors
 * end it, warnings never do.
 *
 * @throws {RingwayError} `build_command_failed`, `compile_failed`, `secret_found`
 */
export async function compileSolution(
  ports: BuildPorts,
  solution: Solution,
  ringFile: RingFile,
): Promise<CompiledSolution> {
  if (solution.build !== undefined) await runBuild(ports, solution.build, solution.path)
  const tree = await ports.source.list(solution)
  const problems: FileProblem[] = [
    ...tree.problems.map(({ path, message }) => ({ severity: 'error' as const, path, message })),
    ...tree.secrets.map(({ path, line, kind }) => ({
      severity: 'error' as const,
      path,
      line,
      message: `looks like a ${kind}`,
    })),
  ]
  for (const problem of problems) ports.journal.problem(problem)
  if (problems.length > 0) {
    throw new RingwayError({
      code: tree.secrets.length > 0 ? 'secret_found' : 'compile_failed',
      message: `${solution.name} has ${problems.length} problems.`,
      remedy: 'Correct them and push.',
    })
  }
  return {
    solution,
    request: {
      directory: tree.directory,
      files: tree.files,
      locks: [],
      manifest: {
        solution: solution.name,
        components: solution.components.map(toManifest),
        config: {
          repository: ringFile.config,
          solution: solution.config,
          rings: Object.fromEntries(solution.rings.map(ring => [ring.name, ring.config])),
        },
        plan: { order: solution.components.map(one => one.name) },
      },
      sourceUrl: ports.repositoryUrl,
    },
  }
}

function toManifest(component: Component): ManifestComponent {
  const { name, kind, start, exec, path, tools, connectors, secrets, timeout } = component
  return { name, kind, start, exec, path, uses: [], tools, connectors, secrets, timeoutMs: timeout }
}

async function runBuild(ports: BuildPorts, line: string, directory: string): Promise<void> {
  const outcome = await ports.buildCommand.run(line, { directory })
  if (outcome.kind === 'done') return
  throw new RingwayError({
    code: 'build_command_failed',
    message: outcome.words,
    remedy: outcome.evidence === '' ? 'Look at the log of the step.' : `The last lines say why:\n${outcome.evidence}`,
  })
}
