import type { data, Evaluator } from '@actions/expressions'
import { expressions } from '../workflow/workflow-language.ts'
import type { Json } from './json.ts'

/** A function that the host adds to the language, such as `success()` or `hashFiles()`. */
export interface ExpressionFunction {
  readonly name: string
  readonly minArgs: number
  readonly maxArgs: number
  readonly call: (args: readonly Json[]) => Json
}

/** What an expression may see. */
export interface Scope {
  readonly contexts: Readonly<Record<string, Json>>
  readonly functions: readonly ExpressionFunction[]
}

const KNOWN_CONTEXTS = [
  'github',
  'inputs',
  'vars',
  'secrets',
  'env',
  'needs',
  'steps',
  'job',
  'jobs',
  'runner',
  'strategy',
  'matrix',
]

/** An expression that cannot be evaluated: unknown name, wrong argument, invalid JSON. */
export class ExpressionFailure extends Error {
  override readonly name = 'ExpressionFailure'
}

/**
 * Evaluates one expression (without `${{ }}`) by GitHub's library.
 *
 * @throws {ExpressionFailure} when it cannot be parsed or evaluated
 */
export function evaluateExpression(expression: string, scope: Scope): Json {
  const functions = [...scope.functions, toJsonFunction]
  try {
    const tokens = new expressions.Lexer(expression).lex().tokens.map(withAllQuotes)
    const tree = new expressions.Parser(tokens, KNOWN_CONTEXTS, functions.map(describe)).parse()
    const evaluator = new expressions.Evaluator(tree, contextData(scope), definitions(functions))
    return plain(evaluator.evaluate())
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new ExpressionFailure(`The expression \`${expression}\` cannot be evaluated: ${words}`, { cause: error })
  }
}

/** What counts as true in an `if`: everything but false, 0, NaN, the empty string and null. */
export function isTruthy(value: Json): boolean {
  return !(value === null || value === false || value === '' || value === 0 || Number.isNaN(value))
}

/** The text a value becomes inside a string, as the runner writes it. */
export function textOfJson(value: Json): string {
  if (value === null) return ''
  if (Array.isArray(value)) return 'Array'
  if (typeof value === 'object') return 'Object'
  if (typeof value === 'number') return new expressions.data.NumberData(value).coerceString()
  return String(value)
}

// The library's own toJSON shows the inside of its list class: its replacer tests for the native Array.
const toJsonFunction: ExpressionFunction = {
  name: 'tojson',
  minArgs: 1,
  maxArgs: 1,
  call: ([value]) => JSON.stringify(value ?? null, null, 2),
}

type Token = ReturnType<InstanceType<typeof expressions.Lexer>['lex']>['tokens'][number]

// The library's lexer unescapes only the first doubled quote of a string.
function withAllQuotes(token: Token): Token {
  if (!token.lexeme.startsWith("'")) return token
  return { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") }
}

function describe({ name, minArgs, maxArgs }: ExpressionFunction) {
  return { name, minArgs, maxArgs }
}

type Definitions = NonNullable<ConstructorParameters<typeof Evaluator>[2]>

function definitions(functions: readonly ExpressionFunction[]): Definitions {
  const map: Definitions = new Map()
  for (const added of functions) {
    const call = (...args: data.ExpressionData[]) => wrapped(added.call(args.map(plain)))
    map.set(added.name.toLowerCase(), { ...describe(added), call })
  }
  return map
}

function contextData(scope: Scope): data.Dictionary {
  const contexts = new expressions.data.Dictionary()
  // A context that is absent here (inputs of a push) is empty, not an error.
  for (const name of KNOWN_CONTEXTS) contexts.add(name, wrapped(scope.contexts[name] ?? {}))
  return contexts
}

function wrapped(value: Json): data.ExpressionData {
  if (value === null) return new expressions.data.Null()
  if (typeof value === 'string') return new expressions.data.StringData(value)
  if (typeof value === 'number') return new expressions.data.NumberData(value)
  if (typeof value === 'boolean') return new expressions.data.BooleanData(value)
  if (isList(value)) return new expressions.data.Array(...value.map(wrapped))
  return new expressions.data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: wrapped(item) })))
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function plain(value: data.ExpressionData): Json {
  if (value instanceof expressions.data.StringData) return value.value
  if (value instanceof expressions.data.NumberData) return value.value
  if (value instanceof expressions.data.BooleanData) return value.value
  if (value instanceof expressions.data.Array) return value.values().map(plain)
  if (value instanceof expressions.data.Dictionary)
    return Object.fromEntries(value.pairs().map(pair => [pair.key, plain(pair.value)]))
  return null
}
