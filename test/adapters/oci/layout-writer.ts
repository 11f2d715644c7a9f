// A process of its own for layout.test.ts: publishes artifacts into a layout until it is done or killed.
import { argv, stdout } from 'node:process'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import { artifactOf, blobOf, noise, publish } from '../../support/artifacts.ts'

const [, , location = '', writer = '', count = '0', size = '1000'] = argv
const store = openBlobStore({ location })

for (let number = 1; number <= Number(count); number += 1) {
  const layer = blobOf(noise(Number(size), `${writer} ${number}`))
  await publish(
    store,
    artifactOf({ layer, artifactType: 'application/vnd.ringway.solution.v1' }),
    `${writer}-${number}`,
  )
  stdout.write(`${writer}-${number}\n`)
}
