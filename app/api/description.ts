import * as z from 'zod'
import type { Access } from './access.ts'
import { createDescribedSchemas, type DescribedSchemas } from './described-schemas.ts'
import { problemSchema } from './problem.ts'
import type { ApiRoute } from './route.ts'

type Document = Record<string, unknown>

/**
 * Describes routes as an OpenAPI 3.1 document. Its schemas are those by which requests are read and answers written, so it cannot say anything
 * else than what the API does.
 *
 * Source: https://spec.openapis.org/oas/v3.1.1
 */
export function createDescription(routes: readonly ApiRoute[]): Document {
  const schemas = createDescribedSchemas()
  const problem = schemas.describe(problemSchema, 'problem')
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = (paths[route.path] ??= {})
    path[route.method.toLowerCase()] = operation(route, schemas)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ringway',
      version: '1',
      description: 'Fields, routes and codes are added under the same version; none goes or changes its meaning.',
    },
    paths,
    components: {
      schemas: { ...schemas.components, Problem: problem },
      responses: {
        Problem: {
          description: 'A refusal.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A GitHub token of a person, or the identity token (OIDC) of a run of GitHub Actions.',
        },
      },
    },
  }
}

function operation(route: ApiRoute, schemas: DescribedSchemas): Document {
  const hasBody = !(route.body instanceof z.ZodUndefined)
  return {
    operationId: route.id,
    summary: route.summary,
    'x-ringway-access': accessName(route.access),
    security: route.access === 'anyone' ? [] : [{ token: [] }],
    parameters: [
      ...parametersOf(route, 'path', schemas),
      ...parametersOf(route, 'query', schemas),
      ...keyHeader(route),
    ],
    ...(hasBody
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: schemas.describe(route.body, `${route.id}.body`),
                example: route.example.body,
              },
            },
          },
        }
      : {}),
    responses: {
      [String(route.status)]: {
        description: 'It was done.',
        content: { 'application/json': { schema: schemas.describe(route.answer, `${route.id}.answer`) } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function accessName(access: Access): string {
  return typeof access === 'string' ? access : access.action
}

function parametersOf(route: ApiRoute, place: 'path' | 'query', schemas: DescribedSchemas): Document[] {
  const { shape } = place === 'path' ? route.params : route.query
  const examples = new Map(Object.entries(Object(place === 'path' ? route.example.params : route.example.query)))
  return Object.entries(shape).map(([name, field]) => {
    const schema = new Map(Object.entries(schemas.describe(field, `${route.id}.${name}`)))
    const description = schema.get('description')
    schema.delete('description')
    return {
      name,
      in: place,
      required: place === 'path' || !isOptional(field),
      ...(description === undefined ? {} : { description }),
      schema: Object.fromEntries(schema),
      ...(examples.has(name) ? { example: examples.get(name) } : {}),
    }
  })
}

function isOptional(field: z.core.$ZodType): boolean {
  return z.safeParse(field, undefined).success
}

function keyHeader(route: ApiRoute): Document[] {
  if (route.method !== 'POST') return []
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'The same key with the same request is answered as the first time, for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
  ]
}
