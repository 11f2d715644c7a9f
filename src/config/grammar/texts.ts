import * as z from 'zod'
import { durationPattern, likelyDuration, readDuration } from '../../domain/duration-notation.ts'
import { grantPattern, likelyWho, readWho } from '../notation/grant-notation.ts'
import { messagePattern, readMessage } from '../notation/message-notation.ts'
import { likelyReference, readReference, referencePattern } from '../notation/reference-notation.ts'
import { readTimeZone } from '../notation/time-zone.ts'
import { readWallTime, wallTimePattern } from '../notation/wall-time.ts'
import { readWindow, windowPattern } from '../notation/window-notation.ts'
import { notation, scalarWords, text } from './scalar.ts'

/** A span of time. */
export const duration = notation(
  { type: 'a duration with its unit', example: '30m', likely: likelyDuration },
  { pattern: durationPattern, read: readDuration },
)

/** Solutions, components, rings: what stands in git tags, URLs and names of environments. */
export const name = text(
  {
    type: 'a name of small letters, digits and single `-`, beginning with a letter, 40 at most',
    example: 'staging',
    likely: likelyName,
  },
  /^(?=.{1,40}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
)

/** What a component is. */
export const kind = text(
  { type: 'a word of small letters, digits and single `-`', example: 'agent', likely: likelyName },
  /^(?=.{1,40}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
)

/** Where a process answers. */
export const urlPath = text(
  { type: 'a path that begins with `/`', example: '/triage', likely: likelyUrl },
  /^\/(?!\/)[^\p{Cc}\s?#]{0,500}$/u,
)

/** A version, or the one that is active now. */
export const comparison = text({ type: '`baseline`, or a version', example: 'v42' }, /^(?:baseline|v[1-9][0-9]{0,8})$/)

/** A configuration value's name: an environment variable. */
export const configName = text(
  {
    type: 'a name of letters, digits and `_`, beginning with no digit and not with `RINGWAY_`',
    example: 'LOG_LEVEL',
    likely: likelyVariable,
  },
  /^(?!RINGWAY_)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
)

/** A secret's name, by GitHub's rules. */
export const secretName = text(
  {
    type: 'the name of a secret: letters, digits and `_`, beginning with no digit and not with `GITHUB_`',
    example: 'OPENAI_API_KEY',
    likely: likelyVariable,
  },
  /^(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]{0,127}$/,
)

/** The name of a tool, a connector, a check. */
export const plainName = text(
  { type: 'a name without control characters, 200 at most', example: 'search-orders' },
  /^(?! )[^\p{Cc}]{1,200}(?<! )$/u,
)

/** A GitHub Environment's name. */
export const environmentName = text(
  { type: 'the name of a GitHub Environment: up to 255 characters, none of \' " ` , ; \\', example: 'production' },
  /^(?! )[^\p{Cc}'"`,;\\]{1,255}(?<! )$/u,
)

/** A command line, or several. */
export const commandLine = text({ type: 'a command line', example: './deploy.sh' }, /^(?=[^]*\S)[^\0]{1,8192}$/)

/** A few words for people. */
export const words = text(
  { type: 'a text of up to 200 characters', example: 'holidays' },
  /^(?=[^]*\S)[^\p{Cc}]{1,200}$/u,
)

/** A file or directory inside the solution or the repository. */
export const relativePath = notation(
  { type: 'a path inside the repository, with `/`', example: 'schemas/ticket.json', likely: likelyPath },
  {
    pattern: /^(?!\/)(?![A-Za-z]:)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}\\*?[\]{}]{1,1024}$/u,
    read: written => ({
      ok: true,
      value:
        written
          .split('/')
          .filter(step => step !== '' && step !== '.')
          .join('/') || '.',
    }),
  },
)

/** A pattern of files. */
export const glob = text(
  { type: 'a pattern of files, relative, with `/`', example: 'dist/**', likely: likelyPath },
  /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}\\]{1,1024}$/u,
)

/** What a component uses. */
export const reference = notation(
  {
    type: 'a component of this solution, or `<solution>/<component>@v<number>`',
    example: 'billing/lookup@v12',
    likely: likelyReference,
  },
  { pattern: referencePattern, read: readReference },
)

/** Somebody who may approve. */
export const person = text(
  { type: 'a login, or `team:<slug>`', example: 'team:platform', likely: likelyPerson },
  /^(?:team:[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?|[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:_[A-Za-z0-9]{1,10})?)$/,
)

/** Somebody, or everybody of a kind, who may do something. */
export const grant = notation(
  { type: 'a role of GitHub, `role:<custom role>`, `team:<slug>` or a login', example: 'maintain', likely: likelyWho },
  { pattern: grantPattern, read: readWho },
)

/** The first word of a comment that is a command. */
export const commandWord = text(
  {
    type: 'a sign (`/`, `.`, `!`, `:` or `%`), then small letters, digits and `-`, 40 characters at most',
    example: '.deploy',
    likely: likelyCommandWord,
  },
  /^[/.!:%][a-z][a-z0-9-]{0,38}$/,
)

/** A text with placeholders. */
export const message = notation(
  {
    type: 'a text of up to 2,000 characters with placeholders',
    example: '{{version}} is in {{ring}}: {{url}}',
  },
  { pattern: messagePattern, read: readMessage },
)

/** An IANA zone. */
export const timeZone = notation(
  { type: 'an IANA time zone', example: 'Europe/Berlin' },
  { pattern: /^[^\p{Cc}\s]{1,64}$/u, read: readTimeZone },
)

/** A weekly window. */
export const weeklyWindow = notation(
  { type: 'days, hours and an IANA zone', example: 'Mon-Thu 09:00-16:00 Europe/Berlin' },
  { pattern: windowPattern, read: readWindow },
)

/** A day, or a time of it. */
export const wallTime = notation(
  { type: 'a date, with a time if need be', example: '2026-12-20 18:00' },
  { pattern: wallTimePattern, read: readWallTime },
)

/** A URL, or a path below the one that the target reported. */
export const checkUrl = text(
  { type: 'a path that begins with `/`, or an http(s) URL', example: '/healthz', likely: likelyUrl },
  /^(?:\/(?!\/)|https?:\/\/[^\s/@?#]+(?=[/?#]|$))[^\p{Cc}\s]{0,2000}$/u,
)

/** An https URL. */
export const httpsUrl = text(
  { type: 'an https URL', example: 'https://example.com/hook' },
  /^https:\/\/[^\s/@?#]+(?:[/?#][^\p{Cc}\s]*)?$/u,
)

/** A share of a whole. */
export const percent = text({ type: 'a percentage', example: '50%' }, /^(?:100|[1-9]?[0-9](?:\.[0-9]{1,3})?)%$/)

/** A difference of two percentages. */
export const percentagePoints = text(
  { type: 'percentage points', example: '5pp' },
  /^(?:100|[1-9]?[0-9](?:\.[0-9]{1,3})?)pp$/,
)

/** An amount of money. */
export const money = text(
  { type: 'an amount with its currency', example: '200 USD' },
  /^[0-9]{1,12}(?:\.[0-9]{1,2})? [A-Z]{3}$/,
)

/** An amount of memory. */
export const memory = text({ type: 'an amount of memory', example: '512MiB' }, /^[1-9][0-9]{0,6}(?:MiB|GiB)$/)

/** A configuration value. */
export const configValue = z
  .union([z.string().max(32_768), z.number(), z.boolean()])
  .register(scalarWords, { type: 'a text, a number, or true or false', example: 'info' })

function likelyName(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const plain = value
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40)
    .replace(/-+$/, '')
  return plain === '' ? [] : [plain]
}

function likelyVariable(value: unknown): readonly string[] {
  if (typeof value !== 'string' || /^(?:RINGWAY|GITHUB)_/.test(value)) return []
  const plain = value.slice(0, 127).replace(/[^A-Za-z0-9_]+/g, '_')
  return plain === '' ? [] : [/^[0-9]/.test(plain) ? `_${plain}` : plain]
}

function likelyPath(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const plain = value.slice(0, 200).replaceAll('\\', '/').replace(/^\/+/, '')
  return plain === '' || /(?:^|\/)\.\.(?:\/|$)|:/.test(plain) ? [] : [plain]
}

function likelyPerson(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const [, team] = /^@?(?:[\w-]+\/|team[:/ ]+@?)([\w-]+)$/i.exec(value) ?? []
  if (team !== undefined) return [`team:${team.toLowerCase()}`]
  return value.startsWith('@') ? [value.slice(1)] : []
}

function likelyCommandWord(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const [name] = likelyName(value)
  return name === undefined ? [] : [`${/^[.!:%]/.exec(value)?.[0] ?? '/'}${name}`]
}

function likelyUrl(value: unknown): readonly string[] {
  return typeof value === 'string' && /^[\w.-]+$/.test(value) ? [`/${value}`] : []
}
