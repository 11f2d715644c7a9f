import { type CompileReport, compile } from '../domain/compile/compile.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { Solution } from '../domain/solution.ts'
import type { PublishRequest } from '../ports/artifacts.ts'
import type { BuildPorts } from './build-ports.ts'
import { type FactPorts, readCompileFacts } from './read-compile-facts.ts'
import type { ParsedRings } from './read-rings.ts'

/** What compiling asks of the outside. */
export type CompilePorts = FactPorts & Pick<BuildPorts, 'buildCommand' | 'journal' | 'ringFilePath' | 'repositoryUrl'>

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
  ports: CompilePorts,
  solution: Solution,
  rings: ParsedRings,
): Promise<CompiledSolution> {
  if (solution.build !== undefined) await runBuild(ports, solution.build, solution.path)
  const tree = await ports.source.list(solution)
  const ringFile = { path: ports.ringFilePath, places: rings.places }
  const report = compile(await readCompileFacts(ports, { solution, ringFile, tree }))
  for (const problem of report.problems) ports.journal.problem(problem)
  if (!report.ok) throw compileFailed(solution, report)
  return {
    solution,
    request: {
      directory: tree.directory,
      files: tree.files,
      locks: report.locks,
      manifest: {
        solution: solution.name,
        components: report.components,
        config: {
          repository: rings.ringFile.config,
          solution: solution.config,
          rings: Object.fromEntries(solution.rings.map(ring => [ring.name, ring.config])),
        },
        plan: report.plan,
      },
      sourceUrl: ports.repositoryUrl,
    },
  }
}

function compileFailed(solution: Solution, { problems }: CompileReport): RingwayError {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const place =
    first === undefined ? '' : `${first.path}${first.line === undefined ? '' : `:${first.line}`}: ${first.message}`
  return new RingwayError({
    code: errors.some(({ code }) => code === 'secret_found') ? 'secret_found' : 'compile_failed',
    message: `${solution.name} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; the first: ${place}`,
    remedy: 'Correct what the annotations name, and push; no version was used up.',
    facts: { solution: solution.name, problems: errors.length },
  })
}

async function runBuild(ports: CompilePorts, line: string, directory: string): Promise<void> {
  const outcome = await ports.buildCommand.run(line, { directory })
  if (outcome.kind === 'done') return
  throw new RingwayError({
    code: 'build_command_failed',
    message: outcome.words,
    remedy: outcome.evidence === '' ? 'Look at the log of the step.' : `The last lines say why:\n${outcome.evidence}`,
  })
}
