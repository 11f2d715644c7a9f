import type { Command, CommandName, RingReference } from './command.ts'
import { commandNames } from './command.ts'
import { excerpt, invalid } from './invalid.ts'
import { type NamedArtifact, readNamedArtifact } from './named-artifact.ts'
import { type Arguments, readDurationOption } from './read-arguments.ts'
import type { VerbTable } from './verbs.ts'

/** Commands whose arguments are words and options; a run's are not. */
type OrdinaryName = Exclude<CommandName, 'run'>

/**
 * The command that a verb and its arguments are.
 *
 * @throws {RingwayError} `command_invalid`, or `commit_not_accepted` where a commit stands for a version
 */
export function buildCommand(name: OrdinaryName, given: Arguments, verbs: VerbTable): Command {
  const reason = given.options.get('reason')
  switch (name) {
    case 'promote':
      return promote(given)
    case 'rollback':
      return rollback(given)
    case 'approve':
    case 'reject':
      return { kind: name, ring: onlyRing(given), reason }
    case 'pause':
    case 'resume':
    case 'undeploy':
    case 'archive':
      return { kind: name, ring: expectRing(onlyRing(given)), reason }
    case 'lock':
      return lock(given)
    case 'unlock':
      return { kind: 'unlock', ring: ringOrAll(given), reason }
    case 'unquarantine': {
      expectAtMost(given.words, 2)
      const [version, ring] = given.words
      return { kind: 'unquarantine', artifact: expectArtifact(version), ring: readRing(ring), reason }
    }
    case 'status':
    case 'retry':
      return { kind: name, ring: onlyRing(given) }
    case 'diff':
      return { kind: 'diff', ring: expectRing(onlyRing(given)) }
    case 'help':
      return { kind: 'help', about: readAbout(given.words, verbs) }
  }
}

function promote(given: Arguments): Command {
  const { words, options, parameters } = given
  const [ring, version] = words
  const reason = options.get('reason')
  const hotfix = options.has('hotfix')
  const skipOrder = options.has('skip-order')
  const target = expectRing(readRing(ring))
  expectAtMost(words, 2)
  const artifact = version === undefined ? undefined : readNamedArtifact(version)
  if ((hotfix || skipOrder) && reason === undefined) {
    throw invalid(`\`--${hotfix ? 'hotfix' : 'skip-order'}\` needs a reason.`, 'Write `--reason "…"` too.')
  }
  return {
    kind: 'promote',
    ring: target,
    artifact,
    reason,
    dryRun: options.has('dry-run'),
    hotfix,
    skipOrder,
    parameters,
  }
}

/** `to` may be left out: who rolls back is in a hurry. */
function rollback({ words, options }: Arguments): Command {
  const [ring, ...rest] = words
  const target = expectRing(readRing(ring))
  const named = rest[0] === 'to' ? rest.slice(1) : rest
  expectAtMost(named, 1)
  const to = rest.length === 0 ? undefined : expectArtifact(named[0])
  return { kind: 'rollback', ring: target, to, reason: options.get('reason'), quarantine: options.has('quarantine') }
}

function lock(given: Arguments): Command {
  const duration = readDurationOption(given.options)
  const ring = ringOrAll(given)
  const reason = given.options.get('reason')
  if (!given.options.has('details')) return { kind: 'lock', ring, duration, reason }
  if (duration === undefined && reason === undefined) return { kind: 'show_lock', ring }
  throw invalid('`--details` only shows a lock, and takes no other option.', 'Leave out either.')
}

function ringOrAll(given: Arguments): RingReference | undefined {
  const ring = onlyRing(given)
  const isGlobal = given.options.has('global')
  if (isGlobal && ring !== undefined) {
    throw invalid('`--global` means every ring, and one is named too.', 'Leave out either.')
  }
  if (isGlobal || ring !== undefined) return ring
  throw invalid(
    'The ring is missing.',
    'Name a ring such as `staging`, or write `--global` for every ring of the repository.',
  )
}

function onlyRing({ words }: Arguments): RingReference | undefined {
  const ring = readRing(words[0])
  expectAtMost(words, 1)
  return ring
}

function readRing(word: string | undefined): RingReference | undefined {
  if (word === undefined) return undefined
  // Large letters are let through, for the answer to name the ring that is meant.
  const [, solution, ring] = /^(?:([a-z][a-z0-9-]{0,39})\/)?([a-z][a-z0-9-]{0,39})$/i.exec(word) ?? []
  if (ring !== undefined) return { solution, ring }
  throw invalid(
    `${excerpt(word)} is no name of a ring: one such as \`staging\` or \`support/staging\` was expected.`,
    'Name a ring of the ring file.',
  )
}

function expectRing(ring: RingReference | undefined): RingReference {
  if (ring !== undefined) return ring
  throw invalid(
    'The ring is missing.',
    'Name a ring such as `staging`, or `support/staging` where several solutions have one.',
  )
}

function expectArtifact(word: string | undefined): NamedArtifact {
  if (word !== undefined) return readNamedArtifact(word)
  throw invalid('The version is missing.', 'Name one such as `v12`, or a full digest `sha256:…`.')
}

function readAbout(words: readonly string[], verbs: VerbTable): CommandName | undefined {
  expectAtMost(words, 1)
  const [word] = words
  if (word === undefined) return undefined
  const about = commandNames.find(name => name === word || verbs[name].includes(word))
  if (about !== undefined) return about
  throw invalid(`${excerpt(word)} is no command.`, 'Leave it out to see all commands.')
}

function expectAtMost(words: readonly string[], most: number): void {
  const unexpected = words[most]
  if (unexpected === undefined) return
  throw invalid(`${excerpt(words.slice(most).join(' '))} was not expected.`, 'Leave it out.')
}
