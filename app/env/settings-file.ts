import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { environmentVariables, type VariableName } from '../env.ts'
import type { Environment } from './read-environment.ts'
import { SettingsInvalid, settingProblem } from './settings-invalid.ts'

/** Where the App keeps what it was told when it was registered: `.env` in RINGWAY_DATA. */
export function settingsFileIn(dataDirectory: string): string {
  return join(dataDirectory, '.env')
}

/**
 * The environment with what stands in the settings file, which says nothing where the environment says something.
 *
 * @throws {SettingsInvalid} when there is a file and it cannot be read
 */
export function withSettingsFile(environment: Environment): Environment {
  const directory = resolve(environment['RINGWAY_DATA']?.trim() || environmentVariables.RINGWAY_DATA.default)
  const said = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '')
  const { RINGWAY_DATA: _, ...file } = readFile(settingsFileIn(directory))
  return { ...file, ...Object.fromEntries(said) }
}

function readFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    const came = `holds a file .env that cannot be read (${code})`
    throw new SettingsInvalid([settingProblem('RINGWAY_DATA', came, 'a directory whose files this program may read')])
  }
}

/** Adds values to the settings file, which nobody but its owner may read. What stands in it stays. */
export function addToSettingsFile(path: string, values: Readonly<Partial<Record<VariableName, string>>>): void {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
  const temporary = `${path}.new`
  mkdirSync(dirname(path), { recursive: true })
  rmSync(temporary, { force: true })
  writeFileSync(temporary, textOf(path) + lines.join(''), { mode: 0o600, flag: 'wx' })
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
}

function textOf(path: string): string {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
