import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createAppProcess, freePort } from '../../src/cli/app-process.ts'

/** Serves as the App does, and notes in its directory that it was started. */
const program = `
import { createServer } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
mkdirSync(process.env.RINGWAY_DATA, { recursive: true })
writeFileSync(process.env.RINGWAY_DATA + '/' + process.pid, '')
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')
`

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ringway-app-process-'))
  await writeFile(join(directory, 'app.mjs'), program)
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

const open = async (file = 'app.mjs') =>
  createAppProcess({ program: join(directory, file), port: await freePort(), directory, settings: {} })
const started = async () => (await readdir(join(directory, 'data'))).map(Number)

it('is killed and started again, and is gone when it is closed', async () => {
  const app = await open()
  await app.start()
  await app.kill()
  await app.start()
  const pids = await started()
  expect(pids).toHaveLength(2)
  await app.close()
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

it('is not started any more by whoever was interrupted between its end and its next start', async () => {
  const app = await open()
  await app.start()
  await app.kill()
  await app.close()
  await expect(app.start()).rejects.toThrow('is not started again')
  expect(await started()).toHaveLength(1)
})

it('that ends instead of serving is told with what it said', async () => {
  await writeFile(join(directory, 'broken.mjs'), 'console.error("PORT is taken"); process.exit(1)')
  await expect((await open('broken.mjs')).start()).rejects.toThrow('PORT is taken')
})
