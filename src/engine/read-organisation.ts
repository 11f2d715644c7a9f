import type { ConfigLayer } from '../domain/configuration.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { DeployPorts } from './deploy-ports.ts'

/**
 * The organisation's configuration layer: the `config` of the ring file in the owner's `.github` repository, read when a deployment is
 * made. An organisation without one has an empty layer.
 *
 * @throws {RingwayError} `ring_file_invalid` when there is a file and it has problems: a layer is never silently left out
 */
export async function readOrganisationLayer(
  ports: Pick<DeployPorts, 'repository' | 'readOrganisationFile' | 'ringFilePath' | 'journal'>,
): Promise<ConfigLayer> {
  const text = await ports.repository.readOrganisationText(ports.ringFilePath)
  if (text === undefined) return {}
  const reading = await ports.readOrganisationFile(text, ports.ringFilePath)
  if (reading.ok) return reading.config
  for (const problem of reading.problems) ports.journal.say(`${problem.path}:${problem.line ?? 1}: ${problem.message}`)
  throw new RingwayError({
    code: 'ring_file_invalid',
    message: `${ports.ringFilePath} of the organisation's .github repository has problems; the first: ${reading.problems[0]?.message ?? ''}`,
    remedy: 'Correct it there; deployments go on as soon as it can be read.',
  })
}
