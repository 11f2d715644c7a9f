import type { CommandName } from './command.ts'
import { type VerbTable, verbOf } from './verbs.ts'

/** What can be written after `--`, and its value as usage shows it; an empty one takes none. */
export const optionValues = {
  reason: '"…"',
  for: '2h',
  ring: '<ring>',
  'dry-run': '',
  hotfix: '',
  'skip-order': '',
  quarantine: '',
  global: '',
  details: '',
} as const

/** An option of a command. */
export type OptionName = keyof typeof optionValues

/** How a command is written and what it does. The reader takes exactly the options that stand here. */
export interface Usage {
  /** What follows the verb, before the options. */
  readonly words: string
  readonly options: readonly OptionName[]
  /** Whether `-- key=value …` may end it. */
  readonly parameters: boolean
  /** What follows all that. */
  readonly last?: string
  /** One sentence. */
  readonly sentence: string
  /** A whole command, without its verb. */
  readonly example: string
}

/** The usage of every command. */
export const usages: Readonly<Record<CommandName, Usage>> = {
  promote: {
    words: '<ring> [version]',
    options: ['reason', 'dry-run', 'hotfix', 'skip-order'],
    parameters: true,
    sentence:
      'Places a version in a ring; `--dry-run` only says what would happen, `--hotfix` passes a freeze that excepts hotfixes, `--skip-order` passes over the rings before (both need a reason and an admin).',
    example: 'production v12 --reason "refunds work again"',
  },
  rollback: {
    words: '<ring> [to <version>]',
    options: ['reason', 'quarantine'],
    parameters: false,
    sentence:
      'Brings back the version that was last active and healthy in a ring, or the one that is named; `--quarantine` keeps the bad one out.',
    example: 'production --reason "answers are empty"',
  },
  approve: {
    words: '[ring]',
    options: ['reason'],
    parameters: false,
    sentence: 'Approves the promotion that waits, exactly as it is shown.',
    example: 'production',
  },
  reject: {
    words: '[ring]',
    options: ['reason'],
    parameters: false,
    sentence: 'Rejects the promotion that waits.',
    example: 'production --reason "wait for the invoice run"',
  },
  status: {
    words: '[ring]',
    options: [],
    parameters: false,
    sentence: 'Shows what every ring points to, and what waits for what.',
    example: '',
  },
  diff: {
    words: '<ring>',
    options: [],
    parameters: false,
    sentence: 'Shows what would change in a ring: commits, components and configuration.',
    example: 'production',
  },
  retry: {
    words: '[ring]',
    options: [],
    parameters: false,
    sentence: 'Tries a promotion again that failed or could not be asked.',
    example: 'staging',
  },
  lock: {
    words: '<ring>|--global',
    options: ['global', 'for', 'reason', 'details'],
    parameters: false,
    sentence:
      'Keeps promotions out of a ring, or of every ring of the repository; `--details` only shows who holds the lock, since when and why.',
    example: 'production --for 2h --reason "load test"',
  },
  unlock: {
    words: '<ring>|--global',
    options: ['global', 'reason'],
    parameters: false,
    sentence: 'Ends a lock; that of somebody else needs a stronger role.',
    example: 'production',
  },
  pause: {
    words: '<ring>',
    options: ['reason'],
    parameters: false,
    sentence:
      'Lets nothing new start in a ring: triggers and calls are refused until it is resumed, runs in progress go on.',
    example: 'production --reason "the model answers nonsense"',
  },
  resume: {
    words: '<ring>',
    options: ['reason'],
    parameters: false,
    sentence: 'Ends a pause.',
    example: 'production',
  },
  undeploy: {
    words: '<ring>',
    options: ['reason'],
    parameters: false,
    sentence: 'Takes what is active out of a ring; its trigger URLs stay, and a promotion brings it back.',
    example: 'staging',
  },
  archive: {
    words: '<ring>',
    options: ['reason'],
    parameters: false,
    sentence: 'Closes a ring for ever.',
    example: 'staging --reason "moved to another repository"',
  },
  unquarantine: {
    words: '<version> [ring]',
    options: ['reason'],
    parameters: false,
    sentence: 'Lets a version in again that was rolled back.',
    example: 'v12 production --reason "the provider was down, not we"',
  },
  run: {
    words: '<component>',
    options: ['ring'],
    parameters: false,
    last: '<json>',
    sentence: 'Starts a run of a component with the JSON that follows, in the last ring if none is named.',
    example: 'triage --ring staging {"ticket": 42}',
  },
  help: {
    words: '[command]',
    options: [],
    parameters: false,
    sentence: 'Shows the commands of this repository, and the rules of its rings.',
    example: 'promote',
  },
}

/** `/promote <ring> [version] [--reason "…"] … [-- key=value …]`, with the repository's own verb. */
export function usageLine(name: CommandName, verbs: VerbTable): string {
  const { words, options, parameters, last } = usages[name]
  const shown = options.filter(option => !words.includes(`--${option}`)).map(option => `[${optionUsage(option)}]`)
  const parts = [verbOf(verbs, name) ?? name, words, ...shown, ...(parameters ? ['[-- key=value …]'] : []), last ?? '']
  return parts.filter(part => part !== '').join(' ')
}

/** A whole command as one would type it, with the repository's own verb. */
export function usageExample(name: CommandName, verbs: VerbTable): string {
  return `${verbOf(verbs, name) ?? name} ${usages[name].example}`.trimEnd()
}

function optionUsage(option: OptionName): string {
  return `--${option} ${optionValues[option]}`.trimEnd()
}
