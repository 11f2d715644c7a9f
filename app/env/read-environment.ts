import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseStoreReference } from '../../src/adapters/oci/reference.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { type EpochMs, epochMs } from '../../src/domain/units.ts'
import { environmentVariables, type VariableName } from '../env.ts'
import { githubServerOf, plainUrl } from './github-server.ts'
import { readPrivateKey } from './private-key.ts'
import {
  type GithubServer,
  type LogLevel,
  logLevels,
  type Settings,
  type StoreSetting,
  type UnregisteredSettings,
} from './settings.ts'
import { type SettingProblem, SettingsInvalid, settingProblem } from './settings-invalid.ts'

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads everything that the operator can tell the App.
 *
 * @throws {SettingsInvalid} naming every variable that is missing or wrong
 */
export function readEnvironment(environment: Environment): Settings {
  const reading = createReading(environment)
  const id = readAppId(reading)
  const privateKey = readKey(reading)
  const secret = readSecret(reading, 'WEBHOOK_SECRET')
  const previous = readPreviousSecret(reading)
  const others = readOthers(reading)
  const isMissing = id === undefined || privateKey === undefined || secret === undefined || others === undefined
  if (reading.problems.length > 0 || isMissing) throw new SettingsInvalid(reading.problems)
  return {
    ...others,
    app: { id, privateKey },
    webhookSecrets: { current: secret, previous },
    secrets: [privateKey, secret, ...(previous === undefined ? [] : [previous.secret]), ...others.secrets],
  }
}

/** What says which App it is. */
const variablesOfApp = ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET'] as const

/**
 * Reads what an App is told that nobody has registered on GitHub yet.
 *
 * @returns undefined when something says which App it is, or when something else is wrong: then {@link readEnvironment} says what
 */
export function readUnregistered(environment: Environment): UnregisteredSettings | undefined {
  const reading = createReading(environment)
  if (variablesOfApp.some(name => reading.text(name) !== '')) return undefined
  const others = readOthers(reading)
  return reading.problems.length === 0 ? others : undefined
}

function readOthers(reading: Reading): UnregisteredSettings | undefined {
  const github = readGithub(reading)
  const port = readPort(reading)
  const url = readUrl(reading)
  const databaseUrl = readDatabaseUrl(reading)
  const store = readStore(reading)
  const subscribers = readSubscribers(reading)
  const logLevel = readLogLevel(reading)
  const { text } = reading
  if (github === undefined || port === undefined || subscribers === undefined || logLevel === undefined)
    return undefined
  return {
    github,
    host: text('HOST'),
    port,
    url,
    databaseUrl,
    dataDirectory: resolve(text('RINGWAY_DATA')),
    store,
    subscribers,
    logLevel,
    secrets: [
      ...(store?.credentials === undefined ? [] : [store.credentials.password]),
      ...databasePasswords(databaseUrl),
    ],
  }
}

/** The variables, and what was found wrong with them so far. */
interface Reading {
  /** The value without space around it, else the default; empty when there is neither. */
  readonly text: (name: VariableName) => string
  readonly refuse: (name: VariableName, came: string, expected: string) => undefined
  readonly problems: readonly SettingProblem[]
}

function createReading(environment: Environment): Reading {
  const problems: SettingProblem[] = []
  return {
    text: name => environment[name]?.trim() || environmentVariables[name].default,
    refuse(name, came, expected) {
      problems.push(settingProblem(name, came, expected))
      return undefined
    },
    problems,
  }
}

function readAppId({ text, refuse }: Reading): number | undefined {
  const value = text('APP_ID')
  if (/^[1-9][0-9]{0,14}$/.test(value)) return Number(value)
  return refuse('APP_ID', shown(value), 'the number of the GitHub App')
}

function readKey({ text, refuse }: Reading): string | undefined {
  const [value, path] = [text('PRIVATE_KEY'), text('PRIVATE_KEY_PATH')]
  const expected = 'an RSA private key in PEM'
  if (value === '' && path === '') return refuse('PRIVATE_KEY', 'is not set, nor is PRIVATE_KEY_PATH', expected)
  if (value !== '' && path !== '') return refuse('PRIVATE_KEY_PATH', 'is set beside PRIVATE_KEY', 'one of the two')
  if (value !== '') return readPrivateKey(value) ?? refuse('PRIVATE_KEY', 'is something else', expected)
  try {
    const key = readPrivateKey(readFileSync(path, 'utf8'))
    return key ?? refuse('PRIVATE_KEY_PATH', `names ${path}, which holds something else`, expected)
  } catch (error) {
    return refuse('PRIVATE_KEY_PATH', `names ${path}, which cannot be read (${codeOf(error)})`, 'a readable file')
  }
}

/** Bytes. Source: RFC 2104, section 3: a key shorter than the output of the hash weakens the signature. */
const leastSecretBytes = 32

/** What examples and frameworks fill in. */
const knownSecrets = /^(?:development|secret|changeme|change-me|password|test)+$/i

function readSecret({ text, refuse }: Reading, name: 'WEBHOOK_SECRET' | 'WEBHOOK_SECRET_PREVIOUS'): string | undefined {
  const value = text(name)
  const expected = `at least ${leastSecretBytes} bytes that nobody can guess`
  if (value === '') return refuse(name, 'is not set', expected)
  if (knownSecrets.test(value)) return refuse(name, 'is a word that everybody tries', expected)
  const bytes = Buffer.byteLength(value)
  return bytes < leastSecretBytes ? refuse(name, `has ${bytes} bytes`, expected) : value
}

function readPreviousSecret(reading: Reading): { secret: string; until: EpochMs } | undefined {
  const { text, refuse } = reading
  const [value, until] = [text('WEBHOOK_SECRET_PREVIOUS'), text('WEBHOOK_SECRET_PREVIOUS_UNTIL')]
  if (value === '' && until === '') return undefined
  const secret = readSecret(reading, 'WEBHOOK_SECRET_PREVIOUS')
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(until)
  const instant = isInstant ? Date.parse(until) : Number.NaN
  if (Number.isNaN(instant)) {
    return refuse('WEBHOOK_SECRET_PREVIOUS_UNTIL', shown(until), 'the instant at which the previous secret ends')
  }
  return secret === undefined ? undefined : { secret, until: epochMs(instant) }
}

function readGithub({ text, refuse }: Reading): GithubServer | undefined {
  const [apiUrl, issuer] = [text('GITHUB_API_URL'), text('RINGWAY_OIDC_ISSUER')]
  if (issuer !== '' && plainUrl(issuer) === undefined) {
    refuse('RINGWAY_OIDC_ISSUER', shown(issuer), 'the URL of an issuer')
  }
  const server = githubServerOf(apiUrl)
  if (server === undefined) return refuse('GITHUB_API_URL', shown(apiUrl), 'the REST API of a GitHub server')
  return issuer === '' ? server : { ...server, oidcIssuer: issuer.replace(/\/$/, '') }
}

function readPort({ text, refuse }: Reading): number | undefined {
  const value = text('PORT')
  if (/^[0-9]{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  return refuse('PORT', shown(value), 'a number from 0 to 65535')
}

function readUrl({ text, refuse }: Reading): string | undefined {
  const value = text('RINGWAY_URL')
  if (value === '') return undefined
  const url = plainUrl(value)
  return url?.pathname === '/' ? url.origin : refuse('RINGWAY_URL', shown(value), 'an http or https URL without a path')
}

function readDatabaseUrl({ text, refuse }: Reading): string | undefined {
  const value = text('DATABASE_URL')
  if (value === '') return undefined
  if (/^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value) && isDecodable(new URL(value).password)) return value
  return refuse('DATABASE_URL', 'is something else', 'the URL of a PostgreSQL database')
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** The password as the URL has it and as it is meant: either may appear in an error of the driver. */
function databasePasswords(url: string | undefined): string[] {
  if (url === undefined) return []
  const { password, searchParams } = new URL(url)
  return [password, decodeURIComponent(password), searchParams.get('password') ?? ''].filter(text => text !== '')
}

function readStore({ text, refuse }: Reading): StoreSetting | undefined {
  const template = text('RINGWAY_STORE')
  const [username, password] = [text('RINGWAY_STORE_USERNAME'), text('RINGWAY_STORE_PASSWORD')]
  if (username !== '' && password === '') refuse('RINGWAY_STORE_USERNAME', 'is set alone', 'a password beside it')
  if (template === '') return undefined
  try {
    parseStoreReference(template.replaceAll('{owner}', 'owner').replaceAll('{repo}', 'repo'))
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    return refuse('RINGWAY_STORE', shown(template), `oci://host/name or oci-layout:path. ${error.remedy}`.slice(0, -1))
  }
  // Registries that take a token take any name beside it.
  return { template, credentials: password === '' ? undefined : { username: username || 'ringway', password } }
}

function readSubscribers({ text, refuse }: Reading): Settings['subscribers'] | undefined {
  const value = text('RINGWAY_SUBSCRIBERS').toLowerCase()
  if (value === 'public' || value === 'private') return value
  return refuse('RINGWAY_SUBSCRIBERS', shown(value), 'public or private')
}

function readLogLevel({ text, refuse }: Reading): LogLevel | undefined {
  const value = text('LOG_LEVEL').toLowerCase()
  return logLevels.find(level => level === value) ?? refuse('LOG_LEVEL', shown(value), 'a level')
}

/** Continues a sentence with what came. URLs may hold credentials, which are taken out. */
function shown(value: string): string {
  return value === '' ? 'is not set' : `is ${JSON.stringify(value.replace(/\/\/[^/@]*@/, '//***@').slice(0, 100))}`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
