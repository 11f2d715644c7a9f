import { RingwayError } from '../src/domain/ringway-error.ts'

/** What the Action can be told to do. */
export const commands = ['build', 'deploy', 'promote', 'rollback', 'verify', 'status', 'incident'] as const

/** One of {@link commands}. */
export type Command = (typeof commands)[number]

interface InputDefinition {
  readonly description: string
  /** As `action.yml` gives it; empty where the Action works it out. */
  readonly default: string
}

/** Every input, once. `action.yml` and `docs/action.md` are compared with it by a test. */
export const inputDefinitions = {
  command: {
    description: 'What to do: build, deploy, promote, rollback, verify, status or incident.',
    default: 'build',
  },
  environment: {
    description: 'The GitHub Environment; its name alone names solution and ring.',
    default: '',
  },
  solution: {
    description: 'For build: only this solution. Default: every solution whose content changed.',
    default: '',
  },
  artifact: {
    description: 'A version such as v42, or a digest. Default: the newest version.',
    default: '',
  },
  deployment: {
    description: 'The id of the GitHub Deployment. Filled in by whoever dispatched the run.',
    default: '',
  },
  promotion: {
    description: 'The id of the promotion. Filled in by whoever dispatched the run.',
    default: '',
  },
  'ring-file': {
    description: 'The path of the ring file in the repository.',
    default: '.github/rings.yml',
  },
  store: {
    description: 'The artifact store: oci://host/name or oci-layout:path. Default: oci://ghcr.io/<owner>/<repository>.',
    default: '',
  },
  'store-username': {
    description: 'The user name for the store. Default: the actor of the run.',
    default: '',
  },
  'store-password': {
    description: 'The password for the store. Default: the job token.',
    default: '',
  },
  token: {
    description: 'The token for the GitHub API.',
    default: '${{ github.token }}',
  },
  'app-url': {
    description: 'The URL of the Ringway App, when there is one.',
    default: '',
  },
  reason: {
    description: 'Why, in free words; shown to people.',
    default: '',
  },
  'dry-run': {
    description: 'true: decide and say, change nothing.',
    default: 'false',
  },
} as const satisfies Record<string, InputDefinition>

/** The name of an input. */
export type InputName = keyof typeof inputDefinitions

/** The inputs of one run, checked. */
export interface Inputs {
  readonly command: Command
  readonly environment: string
  readonly solution: string | undefined
  readonly artifact: string | undefined
  readonly deployment: number | undefined
  readonly promotion: string | undefined
  readonly ringFile: string
  readonly store: string | undefined
  readonly storeUsername: string | undefined
  readonly storePassword: string | undefined
  readonly token: string
  readonly appUrl: string | undefined
  readonly reason: string | undefined
  readonly dryRun: boolean
}

/**
 * Reads every input.
 *
 * @throws {RingwayError} `input_invalid`, naming the first input that is wrong
 */
export function readInputs(read: (name: InputName) => string): Inputs {
  const text = (name: InputName): string | undefined => read(name).trim() || undefined
  const command = commands.find(known => known === (text('command') ?? 'build'))
  if (command === undefined) throw invalid('command', read('command'), `one of ${commands.join(', ')}`)
  const token = text('token')
  if (token === undefined) throw invalid('token', '', 'a token; leave it out to use the job token')
  return {
    command,
    environment: text('environment') ?? '',
    solution: text('solution'),
    artifact: readArtifact(text('artifact')),
    deployment: readId(text('deployment')),
    promotion: readPromotion(text('promotion')),
    ringFile: text('ring-file') ?? inputDefinitions['ring-file'].default,
    store: text('store'),
    storeUsername: text('store-username'),
    storePassword: text('store-password'),
    token,
    appUrl: text('app-url'),
    reason: text('reason'),
    dryRun: readFlag(text('dry-run')),
  }
}

function readArtifact(value: string | undefined): string | undefined {
  if (value === undefined || /^(?:v[1-9][0-9]{0,8}|sha256:[0-9a-f]{64})$/.test(value)) return value
  throw invalid('artifact', value, 'a version such as v42, or sha256: and 64 hexadecimal digits')
}

function readId(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^[1-9][0-9]{0,15}$/.test(value)) return Number(value)
  throw invalid('deployment', value, 'the number of a GitHub Deployment')
}

function readPromotion(value: string | undefined): string | undefined {
  if (value === undefined || /^[A-Za-z0-9-]{1,64}$/.test(value)) return value
  throw invalid('promotion', value, 'letters, digits and -, at most 64')
}

function readFlag(value: string | undefined): boolean {
  if (value === undefined || value === 'false') return false
  if (value === 'true') return true
  throw invalid('dry-run', value, 'true or false')
}

function invalid(name: InputName, came: string, expected: string): RingwayError {
  return new RingwayError({
    code: 'input_invalid',
    message: `The input \`${name}\` is ${came === '' ? 'empty' : JSON.stringify(came.slice(0, 100))}; expected is ${expected}.`,
    remedy: `Correct \`${name}\` where the workflow uses Ringway, or in the form of the run.`,
    facts: { input: name },
  })
}
