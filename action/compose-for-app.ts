import { saveState } from '@actions/core'
import { requestIdentityToken } from '../src/adapters/actions/identity-token.ts'
import { readAppAddress } from '../src/adapters/control-plane/app-address.ts'
import { createControlPlane } from '../src/adapters/control-plane/control-plane.ts'
import type { DeployPorts } from '../src/engine/deploy-ports.ts'
import type { AssignmentPorts } from '../src/engine/run/assignment-ports.ts'
import type { RunParts } from './compose.ts'
import { openFetch } from './open-fetch.ts'
import { writeMemory } from './run-memory.ts'

/**
 * Adds to the ports of a run what only the work of an App needs.
 *
 * @throws {RingwayError} `input_invalid` when `app-url` is no address of an App
 */
export async function composeForApp(
  { run, clock, signal }: RunParts,
  ports: DeployPorts,
  appUrl: string,
): Promise<AssignmentPorts & DeployPorts> {
  const address = readAppAddress(appUrl)
  const send = await openFetch()
  return {
    ...ports,
    remember: memory => saveState('assignment', memory === undefined ? '' : writeMemory(memory)),
    control: createControlPlane({
      address,
      send,
      identityToken: audience => requestIdentityToken(audience, { environment: process.env, ask: send }),
      sleep: duration => clock.sleep(duration),
      signal,
      runId: run.id,
    }),
  }
}
