import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { orderedComponents } from './component-routes.mjs'
import { Refusal } from './refusal.mjs'

// Names become file names.
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
const digestPattern = /^sha256:[0-9a-f]{64}$/

/** The ring and the digest of a request, checked. */
export function readSubject(body) {
  const solution = expectText(body, { name: 'solution', pattern: namePattern })
  const ring = expectText(body, { name: 'ring', pattern: namePattern })
  const digest = expectText(body, { name: 'digest', pattern: digestPattern })
  return { solution, ring, digest }
}

/** What is asked to be placed, checked, and the name that the same placement always has. */
export function readPlacement(body) {
  const subject = readSubject(body)
  const version = expectText(body, { name: 'version', pattern: /^(v[1-9][0-9]{0,8})?$/ })
  const directory = expectText(body, { name: 'directory', pattern: /./ })
  if (!isAbsolute(directory)) throw badField('directory', 'an absolute path', directory)
  const manifest = expectManifest(body?.manifest)
  const configuration = expectConfiguration(body?.configuration)
  const components = orderedComponents(manifest).map(({ name, kind, start, exec, path, timeoutMs }) => ({
    name: expectText({ name }, { name: 'name', pattern: namePattern }),
    kind,
    start,
    exec,
    path,
    timeoutMs,
  }))
  const content = { ...subject, version, configuration, components }
  const mark = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 10)
  const id = `${subject.solution}-${subject.ring}-${version || 'draft'}-${mark}`
  return { id, ...content, directory, files: manifest.files }
}

function expectText(body, { name, pattern }) {
  const value = body?.[name]
  if (typeof value === 'string' && pattern.test(value)) return value
  throw badField(name, `text like ${pattern.source}`, value)
}

function expectManifest(manifest) {
  const isManifest =
    manifest?.schemaVersion === 1 &&
    Array.isArray(manifest.components) &&
    Array.isArray(manifest.files) &&
    Array.isArray(manifest.plan?.order)
  if (isManifest) return manifest
  throw badField('manifest', 'the manifest of an artifact, schemaVersion 1', manifest)
}

function expectConfiguration(configuration = {}) {
  const entries = Object.entries(configuration ?? {})
  const isFlat = entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  if (!isFlat || Array.isArray(configuration)) throw badField('configuration', 'names with plain values', configuration)
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

function badField(name, expected, came) {
  const message = `${name}: expected ${expected}; ${JSON.stringify(came)?.slice(0, 200) ?? 'nothing'} came.`
  return new Refusal({ status: 400, code: 'bad_request', message })
}
