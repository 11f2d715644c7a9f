import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startRingway } from './ringway-program.ts'
import { openServiceRepository } from './service-repository.ts'

it('[I8] a rehearsal on a laptop hears commands: the App runs beside the sandbox, and nothing of it is left', async () => {
  const repository = await openServiceRepository()
  const temporary = await mkdtemp(join(tmpdir(), 'ringway-sandbox-test-'))
  // As root, the App's database runs as another user.
  await chmod(temporary, 0o755)
  const running = startRingway(repository.directory, ['sandbox', '--app', '--json'], { TMPDIR: temporary })
  try {
    const { api, url, push, app } = await firstLine(running.child.stdout)
    const token = /\/\/you:([^@]+)@/.exec(String(push))?.[1] ?? ''
    const path = new URL(String(url)).pathname
    const ask = async (route: string, body?: unknown): Promise<unknown> => {
      const response = await fetch(`${String(api)}/repos${path}${route}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      })
      return await response.json()
    }
    expect((await fetch(`${String(app)}/readyz`)).status).toBe(200)
    await ask('/issues', { title: 'What can I do here?' })
    await ask('/issues/1/comments', { body: '/help' })
    await expect
      .poll(async () => JSON.stringify(await ask('/issues/1/comments')), { timeout: 20_000 })
      .toContain('/promote')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(0)
    await expect(fetch(`${String(app)}/readyz`)).rejects.toThrow('fetch failed')
    expect(await readdir(temporary)).toEqual([])
  } finally {
    running.child.kill('SIGINT')
    await running.ended
    await rm(temporary, { recursive: true, force: true })
    await repository.dispose()
  }
}, 60_000)

async function firstLine(stream: NodeJS.ReadableStream | null): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of stream ?? []) {
    text += String(chunk)
    const end = text.indexOf('\n')
    if (end !== -1) return JSON.parse(text.slice(0, end))
  }
  throw new Error('it printed nothing')
}
