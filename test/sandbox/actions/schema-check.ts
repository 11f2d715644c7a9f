import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Observer } from '../../../src/sandbox/api/observation.ts'

type Schema = null | boolean | number | string | readonly Schema[] | { readonly [key: string]: Schema }

const read = (name: string): Schema => JSON.parse(readFileSync(createRequire(import.meta.url).resolve(name), 'utf8'))

// Large, therefore read once per process and only when something is to be checked.
let api: Schema | undefined
let webhooks: Schema | undefined
const compiled = new Map<string, ValidateFunction | undefined>()

const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, inlineRefs: false })
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
// GitHub itself sends an empty text where it has no address.
ajv.addFormat('uri', /^$|^[a-z][a-z0-9+.-]*:/)

/**
 * Everything in what the sandbox said that GitHub's own schemas do not allow, collected in `problems`: response bodies
 * by `@octokit/openapi`, webhooks by `@octokit/openapi-webhooks`. Answers that refuse are checked where documented.
 */
export function createSchemaCheck(): { readonly observe: Observer; readonly problems: Set<string> } {
  const problems = new Set<string>()
  const check = (name: string, validate: ValidateFunction | undefined, value: unknown) => {
    if (validate === undefined || validate(value)) return
    for (const { instancePath, message } of validate.errors ?? []) problems.add(`${name} ${instancePath} ${message}`)
  }
  return {
    problems,
    observe: seen => {
      if (seen.kind === 'webhook') {
        const action = seen.payload['action']
        const name = [seen.event, ...(typeof action === 'string' ? [action] : [])].join('-').replaceAll('_', '-')
        check(name, webhookValidator(name), seen.payload)
        return
      }
      const name = `${seen.method} ${seen.template} ${seen.status}`
      const operation = at((api ??= read('@octokit/openapi/generated/api.github.com.deref.json')), [
        'paths',
        seen.template,
        seen.method.toLowerCase(),
      ])
      if (operation === undefined) return
      const response = at(operation, ['responses', String(seen.status)])
      if (response === undefined && seen.status < 400) problems.add(`${name} is not documented`)
      check(name, validator(name, at(response, ['content', 'application/json', 'schema'])), seen.responseBody)
    },
  }
}

function webhookValidator(name: string): ValidateFunction | undefined {
  webhooks ??= read('@octokit/openapi-webhooks/generated/api.github.com.json')
  if (ajv.getSchema('webhooks') === undefined)
    ajv.addSchema({ $id: 'webhooks', components: modern(at(webhooks, ['components']) ?? {}) })
  const schema = at(webhooks, ['webhooks', name, 'post', 'requestBody', 'content', 'application/json', 'schema'])
  return validator(name, schema)
}

function validator(name: string, schema: Schema | undefined): ValidateFunction | undefined {
  if (!compiled.has(name)) compiled.set(name, schema === undefined ? undefined : ajv.compile(toSchema(modern(schema))))
  return compiled.get(name)
}

function toSchema(schema: Schema): object | boolean {
  return typeof schema === 'object' && schema !== null ? schema : schema === true
}

function at(schema: Schema | undefined, path: readonly string[]): Schema | undefined {
  let found = schema
  for (const key of path) found = isMapping(found) ? found[key] : undefined
  return found
}

/** OpenAPI 3.0's `nullable` as JSON Schema, references into the document as references into `webhooks`. */
function modern(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(modern)
  if (!isMapping(schema)) return typeof schema === 'string' && schema.startsWith('#/') ? `webhooks${schema}` : schema
  const { nullable, example: _, examples: __, ...rest } = schema
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, modern(value)]))
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted
}

function isMapping(schema: Schema | undefined): schema is { readonly [key: string]: Schema } {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
}
