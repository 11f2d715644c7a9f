import { type BuiltArtifact, provenanceStatement, provenVersion } from '../domain/provenance.ts'
import type { BuildPorts } from './build-ports.ts'

/** What saying who built an artifact asks of the outside. */
export type ProvenancePorts = Pick<BuildPorts, 'artifacts' | 'run' | 'clock' | 'repositoryUrl' | 'isoTime'>

/** Says of an artifact who built it, from what and in which run; once for each version. */
export async function attachProvenance(ports: ProvenancePorts, built: BuiltArtifact): Promise<void> {
  const { run } = ports
  const statements = await ports.artifacts.readStatements(built.digest)
  if (statements.some(statement => provenVersion(statement) === (built.version ?? null))) return
  const statement = provenanceStatement(
    built,
    {
      repositoryUrl: ports.repositoryUrl,
      commit: run.commit,
      ref: run.ref,
      workflow: run.workflowRef,
      runUrl: run.url,
      attempt: run.attempt,
      actor: run.actor,
      finishedAt: ports.clock.now(),
    },
    ports.isoTime,
  )
  await ports.artifacts.attachStatement(built.digest, statement)
}
