/** What is known of one environment variable. */
interface VariableDefinition {
  readonly description: string
  /** As one would write it; empty where there is none. */
  readonly default: string
  /** Whether its value is never shown: not in a log, not in an error. */
  readonly isSecret: boolean
  /** What a person does when the value is refused, as one sentence in the imperative. */
  readonly remedy: string
}

/** Every environment variable of the App, once. The program and `docs/app.md` read them from here. */
export const environmentVariables = {
  APP_ID: {
    description: 'The id of the GitHub App, a number. Required.',
    default: '',
    isSecret: false,
    remedy: "Copy the App ID from the App's page: GitHub, Settings, Developer settings, GitHub Apps.",
  },
  PRIVATE_KEY: {
    description:
      'The private key of the GitHub App: the text of its PEM file, with \\n for its line ends or in base64.',
    default: '',
    isSecret: true,
    remedy:
      "Generate a private key on the App's page and give the text of the file here, or its path in PRIVATE_KEY_PATH.",
  },
  PRIVATE_KEY_PATH: {
    description: 'The path of the PEM file, instead of PRIVATE_KEY.',
    default: '',
    isSecret: false,
    remedy: "Give the path of the PEM file that the App's page generated, readable by this program.",
  },
  WEBHOOK_SECRET: {
    description: 'The webhook secret of the GitHub App, at least 32 bytes. Required.',
    default: '',
    isSecret: true,
    remedy: "Make one with `openssl rand -hex 32` and enter the same on the App's page.",
  },
  WEBHOOK_SECRET_PREVIOUS: {
    description: 'While the webhook secret is being changed: the one before, which is accepted as well.',
    default: '',
    isSecret: true,
    remedy:
      'Give the secret that was in use before, with WEBHOOK_SECRET_PREVIOUS_UNTIL; leave both out when no secret is being changed.',
  },
  WEBHOOK_SECRET_PREVIOUS_UNTIL: {
    description: 'Until when WEBHOOK_SECRET_PREVIOUS is accepted.',
    default: '',
    isSecret: false,
    remedy: 'Write an instant with its zone, such as 2026-11-21T18:00:00Z.',
  },
  GITHUB_API_URL: {
    description: 'The REST API of GitHub, of a GitHub Enterprise Server (`https://HOST/api/v3`) or of a sandbox.',
    default: 'https://api.github.com',
    isSecret: false,
    remedy:
      'Write https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise Server; leave it out for github.com.',
  },
  RINGWAY_OIDC_ISSUER: {
    description: "Who signs the identity tokens of workflow runs. Default: the issuer of GITHUB_API_URL's server.",
    default: '',
    isSecret: false,
    remedy: 'Leave it out, unless the server signs under another address, as a sandbox does: then write its URL.',
  },
  HOST: {
    description:
      'The address to listen on. The default takes connections of this machine only: TLS ends at a proxy before the App.',
    default: '127.0.0.1',
    isSecret: false,
    remedy: 'Write an address or a host name of this machine; 0.0.0.0 in a container.',
  },
  PORT: {
    description: 'The port to listen on; 0 takes any that is free.',
    default: '3000',
    isSecret: false,
    remedy: 'Write a number from 0 to 65535.',
  },
  RINGWAY_URL: {
    description: 'Where people and workflow runs reach the App. Default: `http://HOST:PORT`.',
    default: '',
    isSecret: false,
    remedy: 'Write the public URL of the App without a path, such as https://ringway.example.com.',
  },
  DATABASE_URL: {
    description: 'A PostgreSQL, 15 or newer. Default: the App starts one of its own below RINGWAY_DATA.',
    default: '',
    isSecret: true,
    remedy: 'Write postgres://user:password@host:5432/database, or leave it out for the embedded database.',
  },
  RINGWAY_DATA: {
    description:
      'The directory of the embedded database, and of the file `.env` that holds the settings of an App that was registered on the setup page.',
    default: './.ringway',
    isSecret: false,
    remedy: 'Write the path of a directory that this program may write to and that outlives it.',
  },
  RINGWAY_STORE: {
    description:
      'The artifact store: `oci://host/name` or `oci-layout:path`, with `{owner}` and `{repo}` where they differ. Without it the App cannot read artifacts.',
    default: '',
    isSecret: false,
    remedy: 'Write it as the workflows do, such as oci://ghcr.io/{owner}/{repo}.',
  },
  RINGWAY_STORE_USERNAME: {
    description: 'The user name for the store.',
    default: '',
    isSecret: false,
    remedy: 'Give RINGWAY_STORE_PASSWORD as well, or leave both out.',
  },
  RINGWAY_STORE_PASSWORD: {
    description: 'The password for the store: a token that may read packages. An App token cannot pull private ones.',
    default: '',
    isSecret: true,
    remedy: 'Give a token that may read the packages, or leave it out for a public store.',
  },
  RINGWAY_SUBSCRIBERS: {
    description:
      'Where subscribers of events may be: `public`, or `private` for addresses of this machine and of private networks as well, as on a laptop.',
    default: 'public',
    isSecret: false,
    remedy: 'Write public or private; private only where nobody who may subscribe could reach what they should not.',
  },
  LOG_LEVEL: {
    description: 'How much is logged: trace, debug, info, warn, error, fatal or silent.',
    default: 'info',
    isSecret: false,
    remedy: 'Write one of trace, debug, info, warn, error, fatal and silent.',
  },
} as const satisfies Record<string, VariableDefinition>

/** The name of an environment variable of the App. */
export type VariableName = keyof typeof environmentVariables
