import type { EpochMs } from '../../src/domain/units.ts'

/** How much is logged, from most to nothing. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number]

/** The secrets that webhooks may be signed with. */
export interface WebhookSecrets {
  readonly current: string
  /** While the secret is being changed. */
  readonly previous: { readonly secret: string; readonly until: EpochMs } | undefined
}

/** The GitHub that the App belongs to. No URL ends with a slash. */
export interface GithubServer {
  readonly apiUrl: string
  /** Where people see it. */
  readonly serverUrl: string
  /** Whether it counts calls by itself: an Enterprise Server does not. */
  readonly hasQuotas: boolean
  /** `iss` of the identity tokens of its workflow runs. */
  readonly oidcIssuer: string
}

/** The artifact store as the operator names it. */
export interface StoreSetting {
  /** With `{owner}` and `{repo}` where they differ. */
  readonly template: string
  readonly credentials: { readonly username: string; readonly password: string } | undefined
}

/** What the operator told the App, checked. */
export interface Settings {
  readonly app: {
    readonly id: number
    /** PEM, PKCS #8. */
    readonly privateKey: string
  }
  readonly webhookSecrets: WebhookSecrets
  readonly github: GithubServer
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Where people and workflow runs reach the App; undefined: where it listens. */
  readonly url: string | undefined
  /** Undefined: the embedded database below {@link Settings.dataDirectory}. */
  readonly databaseUrl: string | undefined
  /** Absolute. */
  readonly dataDirectory: string
  /** Undefined: the App cannot read artifacts. */
  readonly store: StoreSetting | undefined
  /** Whether subscribers of events may be at addresses that not everybody reaches. */
  readonly subscribers: 'public' | 'private'
  readonly logLevel: LogLevel
  /** Every value that may stand nowhere but here. */
  readonly secrets: readonly string[]
}

/** What the operator told an App that is not registered on GitHub yet. */
export type UnregisteredSettings = Omit<Settings, 'app' | 'webhookSecrets'>
