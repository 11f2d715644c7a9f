import type { ControlPlane } from '../../ports/control-plane.ts'
import type { SendOn } from '../build.ts'
import type { BuildPorts } from '../build-ports.ts'

/**
 * Tells the App what was built, drafts and content that was known already as well: which rings a version goes into is for the App to
 * decide.
 */
export function reportBuild(
  ports: Pick<BuildPorts, 'run' | 'journal'> & { readonly control: ControlPlane },
  pullRequest: number | undefined,
): SendOn {
  return async ({ solution, candidate, artifact }) => {
    const { files: _, ...manifest } = artifact.manifest
    const { promotions } = await ports.control.reportBuild({
      solution: solution.name,
      version: candidate.version,
      digest: candidate.digest,
      content: artifact.content,
      commit: ports.run.commit,
      pullRequest,
      manifest,
    })
    for (const { ring, promotion } of promotions) {
      ports.journal.say(`${candidate.name} of ${solution.name} is to go into ${ring}: promotion ${promotion}`)
    }
    return { dispatched: [], promotions }
  }
}
