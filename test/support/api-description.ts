import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** An exchange with the API. */
export interface ApiExchange {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** The OpenAPI document that an API serves, by which its answers are checked. */
export interface ApiDescription {
  readonly document: unknown
  /** `GET /v1/me` of every operation. */
  readonly operations: readonly string[]
  /** @throws {Error} when an answer is not one that the document allows */
  check(exchange: ApiExchange): void
}

/** Reads an OpenAPI 3.1 document, whose schemas are JSON Schema as they stand. */
export function readDescription(document: unknown): ApiDescription {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(Object(document), 'api')
  const paths = Object.entries(Object(field(document, 'paths')))
  const operations = paths.flatMap(([path, item]) => Object.keys(Object(item)).map(method => ({ path, method, item })))
  const patterns = operations.map(({ path, method, item }) => ({
    method: method.toUpperCase(),
    pattern: new RegExp(`^${path.replaceAll(/[.:]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    pointer: `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/responses`,
    responses: field(field(item, method), 'responses'),
  }))

  return {
    document,
    operations: operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`),
    check({ method, path, status, headers, body }) {
      const [pathname = ''] = path.split('?')
      const operation = patterns.find(each => each.method === method && each.pattern.test(pathname))
      const isDescribed = field(operation?.responses, String(status)) !== undefined
      const [type, pointer] = isDescribed
        ? ['application/json', `${operation?.pointer}/${status}/content/application~1json/schema`]
        : ['application/problem+json', '/components/schemas/Problem']
      const came = headers.get('content-type')?.split(';')[0]
      if (came !== type) throw new Error(`${method} ${path} ${status}: expected ${type}, got ${came}`)
      if (!isDescribed && status < 400) throw new Error(`${method} ${path}: a success with ${status} is not described`)
      const validate = ajv.getSchema(`api#${encodeURI(pointer)}`)
      if (validate === undefined) throw new Error(`the description has nothing at ${pointer}`)
      if (validate(body) !== true) {
        throw new Error(`${method} ${path} ${status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`)
      }
      if (field(body, 'status') !== undefined && !isDescribed && field(body, 'status') !== status) {
        throw new Error(`${method} ${path}: the problem says ${String(field(body, 'status'))}, the answer ${status}`)
      }
    },
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
