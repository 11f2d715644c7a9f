import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyExample, type ExampleRepository } from './example-repository.ts'
import { ringOnMachine, urlOf } from './ring-on-machine.ts'
import { type RunningMachine, startMachine } from './running-machine.ts'
import { component } from './unpacked-artifact.ts'

let example: ExampleRepository
let machine: RunningMachine

beforeAll(async () => {
  example = await copyExample('web-service')
  machine = await startMachine()
})
afterAll(async () => {
  await machine.dispose()
  await example.dispose()
})

describe('the web service', () => {
  it('passes its own tests', async () => {
    expect(await example.build()).toMatch(/(ℹ|#) fail 0/)
  })

  it('redirects as each ring is configured', async () => {
    const version = { version: 'v1', artifact: await example.unpack() }
    for (const { ring: name, status } of [
      { ring: 'dev', status: 302 },
      { ring: 'production', status: 308 },
    ]) {
      const ring = ringOnMachine({ example, machine, ring: name })
      const url = urlOf(await ring.place(version))
      expect(await ring.check(version, url)).toMatchObject({ kind: 'passed' })
      await ring.activate(version)

      const answer = await fetch(`${await ring.front()}issue/42`, { redirect: 'manual' })
      expect(answer.status).toBe(status)
      expect(answer.headers.get('location')).toBe('https://github.com/example/tracker/issues/42')
      expect(answer.headers.get('ringway-version')).toBe('v1')
    }
  })
})

describe('deploy.sh', () => {
  it('is the same in every example', async () => {
    for (const file of ['deploy.sh', 'deploy.mjs']) {
      const read = (path: string) => readFile(join(import.meta.dirname, '../../examples', path, file), 'utf8')
      expect(await read('web-service/service')).toBe(await read('support-desk/solutions/support'))
    }
  })

  it('says what to do when there is no machine', async () => {
    const version = { version: 'v1', artifact: await example.unpack() }
    const nowhere = { ...machine, address: () => 'http://127.0.0.1:1' }
    const ring = ringOnMachine({ example, machine: nowhere, ring: 'dev' })
    expect(await ring.place(version)).toMatchObject({
      kind: 'failed',
      evidence: expect.stringContaining('The machine at http://127.0.0.1:1 does not answer'),
    })
  })

  it('says why the machine refused, with what the component printed', async () => {
    const artifact = await example.unpack()
    const components = [component({ name: 'web', start: 'echo no such license; exit 1' })]
    const version = { version: 'v1', artifact: { ...artifact, manifest: { ...artifact.manifest, components } } }
    const ring = ringOnMachine({ example, machine, ring: 'dev' })
    const outcome = await ring.place(version)
    expect(outcome).toMatchObject({
      kind: 'failed',
      evidence: expect.stringMatching(/ended before it answered[\s\S]*no such license/),
    })
  })
})
