import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import type { ApiExchange, Observer, WebhookSent } from '../../src/sandbox/api/observation.ts'

/** Checks what a sandbox says against GitHub's own published description, as an `observe` of `openSandbox`. */
export interface GithubSchema {
  readonly observe: Observer
  /** Everything that did not fit, in order. */
  readonly violations: readonly string[]
  /** @throws {Error} that lists all violations, if there are any */
  assertClean(): void
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

/**
 * What GitHub's description does not say although GitHub does it; each with its evidence. Applied to schemas by name
 * before they are compiled.
 */
const KNOWN_GAPS: Readonly<Record<string, (schema: JsonObject) => JsonObject>> = {
  // Deployments of jobs that a protection rule holds back have the status `waiting`
  // (webhook examples of deployment_status, and Helios, which stores it); the enumeration leaves it out.
  'deployment-status': schema => allow(schema, { property: 'state', value: 'waiting' }),
}

export function createGithubSchema(): GithubSchema {
  const violations: string[] = []
  const { api, webhooks } = descriptions()
  const check = (found: readonly string[]): void => {
    violations.push(...found)
    if (found.length > 0) throw new Error(found.join('\n'))
  }
  return {
    violations,
    observe(observation) {
      check(observation.kind === 'api' ? apiProblems(api, observation) : webhookProblems(webhooks, observation))
    },
    assertClean() {
      if (violations.length > 0) throw new Error(`GitHub's description is violated:\n${violations.join('\n')}`)
    },
  }
}

let loaded: { readonly api: Description; readonly webhooks: Description } | undefined

/** The documents are large (13 and 5 MB): read once per test file, when the first sandbox opens. */
function descriptions(): { readonly api: Description; readonly webhooks: Description } {
  loaded ??= {
    api: new Description('@octokit/openapi/generated/api.github.com.json'),
    webhooks: new Description('@octokit/openapi-webhooks/generated/api.github.com.json'),
  }
  return loaded
}

function apiProblems(description: Description, exchange: ApiExchange): string[] {
  const name = `${exchange.method} ${exchange.template}`
  const operation = description.at(['paths', exchange.template, exchange.method.toLowerCase()])
  if (!isObject(operation)) return [`${name}: GitHub has no such operation`]
  return [
    // Bad requests are sent on purpose; what GitHub would refuse must be refused, not fit.
    ...(exchange.status < 400 ? requestProblems(description, operation, { name, exchange }) : []),
    ...responseProblems(description, operation, { name, exchange }),
  ]
}

interface Named {
  readonly name: string
  readonly exchange: ApiExchange
}

function requestProblems(description: Description, operation: JsonObject, { name, exchange }: Named): string[] {
  const declared = array(operation['parameters']).map(each => description.resolved(each))
  const known = new Set(declared.map(each => text(each['name'])))
  const queries = [...new URL(exchange.url, 'http://sandbox').searchParams.keys()]
  const unknown = queries.filter(key => !known.has(key)).map(key => `${name}: GitHub knows no parameter "${key}"`)
  const body = schemaIn(description, operation['requestBody'])
  if (body === undefined || exchange.requestBody === undefined) return unknown
  return [...unknown, ...description.problems(`${name} request`, body, exchange.requestBody)]
}

function responseProblems(description: Description, operation: JsonObject, { name, exchange }: Named): string[] {
  const { status, responseBody } = exchange
  const answer = `${name} ${status}`
  const responses = object(operation['responses'])
  const response = responses[String(status)]
  if (status >= 400) return errorProblems(answer, responseBody)
  // Any route is redirected after a rename; the description says so of few, and the guide to redirects of all.
  if (status === 301 || status === 307) return []
  if (response === undefined) return [`${answer}: GitHub answers ${Object.keys(responses).join(', ')}`]
  const schema = schemaIn(description, response)
  if (schema !== undefined) return description.problems(answer, schema, responseBody)
  return responseBody === undefined || isTextual(responseBody) ? [] : [`${answer}: expected no body`]
}

/** Any refusal has GitHub's shape; a 500 is a fault of the sandbox itself. */
function errorProblems(answer: string, body: unknown): string[] {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined
  if (answer.endsWith(' 500')) return [`${answer}: ${String(message)}`]
  return body === undefined || typeof message === 'string' ? [] : [`${answer}: expected { message }`]
}

function webhookProblems(description: Description, { event, payload }: WebhookSent): string[] {
  const action = payload['action']
  const name = [event, ...(typeof action === 'string' ? [action] : [])].join('-').replaceAll('_', '-')
  const webhook = description.at(['webhooks', name, 'post'])
  if (!isObject(webhook)) return [`webhook ${name}: GitHub sends no such webhook`]
  const schema = schemaIn(description, webhook['requestBody'])
  return schema === undefined ? [] : description.problems(`webhook ${name}`, schema, payload)
}

function schemaIn(description: Description, body: Json | undefined): Json | undefined {
  if (body === undefined) return undefined
  const json = object(description.resolved(body)['content'])['application/json']
  return json === undefined ? undefined : object(json)['schema']
}

/** One of GitHub's documents. It is large: only schemas that are asked for are compiled. */
class Description {
  readonly #document: JsonObject
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false })
  readonly #added = new Set<string>()
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(file: string) {
    const path = createRequire(import.meta.url).resolve(file)
    this.#document = object(decodeJson(readFileSync(path, 'utf8')))
    formats.default(this.#ajv)
    // GitHub sends an empty text where there is no address, and templates where its description says "uri".
    this.#ajv.addFormat('uri', /^$|^[a-z][a-z+.-]*:\S+$/i)
    this.#ajv.addFormat('uri-template', /^$|^[a-z][a-z+.-]*:\S+$/i)
  }

  at(path: readonly string[]): Json | undefined {
    let value: Json | undefined = this.#document
    for (const key of path) value = isObject(value) ? value[key] : undefined
    return value
  }

  /** Follows a reference to whatever it names. */
  resolved(value: Json): JsonObject {
    const reference = isObject(value) ? value['$ref'] : undefined
    if (typeof reference !== 'string') return object(value)
    return object(this.at(reference.replace('#/', '').split('/')))
  }

  problems(name: string, schema: Json, value: unknown): string[] {
    const validate = this.#compiled.get(name) ?? this.#ajv.compile(object(this.#prepare(schema)))
    this.#compiled.set(name, validate)
    if (validate(value) === true) return []
    return (validate.errors ?? [])
      .slice(0, 12)
      .map(error => `${name}: ${error.instancePath || 'body'} ${error.message ?? ''} ${JSON.stringify(error.params)}`)
  }

  /** OpenAPI 3.0 as JSON Schema, with the schemas that it refers to made known. */
  #prepare(schema: Json): Json {
    if (Array.isArray(schema)) return withProtectionRules(schema).map(each => this.#prepare(each))
    if (!isObject(schema)) return schema
    const reference = schema['$ref']
    if (typeof reference === 'string' && reference.startsWith('#/components/schemas/')) {
      return this.#refer(reference.replace('#/components/schemas/', ''))
    }
    const { nullable, example: _example, examples: _examples, oneOf, discriminator: _, ...rest } = alternatives(schema)
    const prepared = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.#prepare(value)]))
    // GitHub's alternatives overlap: a value that fits two of them is no mistake.
    const whole = oneOf === undefined ? prepared : { ...prepared, anyOf: this.#prepare(oneOf) }
    return nullable === true ? { anyOf: [whole, { type: 'null' }] } : whole
  }

  #refer(name: string): Json {
    const id = `component:${name}`
    if (!this.#added.has(name)) {
      this.#added.add(name)
      const schema = object(this.at(['components', 'schemas', name]))
      this.#ajv.addSchema(object(this.#prepare((KNOWN_GAPS[name] ?? (same => same))(schema))), id)
    }
    return { $ref: id }
  }
}

/**
 * The list of installations asks of an account to be a user *and* an enterprise, which nothing can be; the description
 * of a single installation has the two as alternatives.
 */
function alternatives(schema: JsonObject): JsonObject {
  const { allOf, ...rest } = schema
  const titles = array(allOf).map(each => text(object(each)['title']))
  const isMeantAsEither = allOf !== undefined && titles.includes('Simple User') && titles.includes('Enterprise')
  return isMeantAsEither ? { ...rest, oneOf: allOf } : schema
}

/**
 * The events that an App can ask for, wherever they are listed, lack the one that custom protection rules are made of; its own guide tells
 * Apps to ask for it: https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules
 */
function withProtectionRules(values: readonly Json[]): readonly Json[] {
  const areAppEvents = values.includes('deployment_review') && values.includes('branch_protection_rule')
  return areAppEvents ? [...values, 'deployment_protection_rule'] : values
}

function allow(schema: JsonObject, gap: { property: string; value: string }): JsonObject {
  const properties = object(schema['properties'])
  const property = object(properties[gap.property])
  const values = [...array(property['enum']), gap.value]
  return { ...schema, properties: { ...properties, [gap.property]: { ...property, enum: values } } }
}

function decodeJson(source: string): Json {
  return JSON.parse(source)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function array(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function isTextual(value: unknown): boolean {
  return typeof value === 'string' || Buffer.isBuffer(value)
}
