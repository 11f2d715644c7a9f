import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addToSettingsFile, settingsFileIn, withSettingsFile } from '../../../app/env/settings-file.ts'
import { SettingsInvalid } from '../../../app/env/settings-invalid.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-settings-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('says what the environment does not say, and nothing of where it stands itself', () => {
  const environment = { RINGWAY_DATA: directory, APP_ID: ' ', PORT: '4000' }
  expect(withSettingsFile(environment)).toEqual({ RINGWAY_DATA: directory, PORT: '4000' })
  writeFileSync(settingsFileIn(directory), 'APP_ID=7\nPORT=5000\nRINGWAY_DATA=/elsewhere\n')
  expect(withSettingsFile(environment)).toEqual({ RINGWAY_DATA: directory, APP_ID: '7', PORT: '4000' })
})

it('is added to, for its owner alone, also where it was open and its directory missing', () => {
  const file = settingsFileIn(join(directory, 'new'))
  addToSettingsFile(file, { APP_ID: '7' })
  expect(readFileSync(file, 'utf8')).toBe('APP_ID=7\n')
  writeFileSync(file, 'LOG_LEVEL=debug', { mode: 0o644 })
  addToSettingsFile(file, { APP_ID: '8', WEBHOOK_SECRET: 's' })
  expect(readFileSync(file, 'utf8')).toBe('LOG_LEVEL=debug\nAPP_ID=8\nWEBHOOK_SECRET=s\n')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('that cannot be read is a setting that needs somebody', () => {
  mkdirSync(settingsFileIn(directory))
  expect(() => withSettingsFile({ RINGWAY_DATA: directory })).toThrow(SettingsInvalid)
})
