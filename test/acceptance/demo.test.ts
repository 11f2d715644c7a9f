import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')

it('[I8] the whole pipeline is rehearsed offline: push, comments, approvals, a freeze, a bad version, a killed App, and not one failed request', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'ringway-demo-test-'))
  // As root, the App's database runs as another user.
  await chmod(temporary, 0o755)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'demo', '--json'], {
      env: { ...process.env, TMPDIR: temporary },
      timeout: 280_000,
    })
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({
      ok: true,
      rings: { dev: 'v3', staging: 'v3', production: 'v3' },
      requests: { failed: 0 },
      promotions: 6,
      restarts: 1,
    })
    expect(result.requests.total).toBeGreaterThan(100)
    expect(result.steps).toContainEqual({ step: 'promote v2', version: 'v2', ring: 'staging', state: 'rolled_back' })
    expect(result.steps).toContainEqual({ step: 'roll back to v1', version: 'v1', ring: 'production', state: 'active' })
    expect(result.steps).toContainEqual({ step: 'promote v3 abroad', version: 'v3', ring: 'europe', state: 'active' })
    expect(result.steps.filter((step: { step: string }) => step.step === 'push no change')).toHaveLength(1)
    // Nothing of it is left: no processes' homes, no store, no repositories.
    expect(await readdir(temporary)).toEqual([])
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}, 300_000)
