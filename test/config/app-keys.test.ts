import { describe, expect, it } from 'vitest'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { commandNames } from '../../src/domain/command/command.ts'
import { isVerb } from '../../src/domain/command/verbs.ts'
import { ringActions } from '../../src/domain/policy/ring-policy.ts'
import type { Ring } from '../../src/domain/ring.ts'
import type { RingFile } from '../../src/domain/solution.ts'
import { smallRingFile } from './ring-file-text.ts'

type More = Parameters<typeof smallRingFile>[0]

function accepted(more: More): RingFile {
  const reading = readRingFile(smallRingFile(more))
  if (!reading.ok) throw new Error(reading.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return reading.ringFile
}

function ringOf(more: More): Ring {
  const [ring] = accepted(more).solutions.flatMap(({ rings }) => rings)
  if (ring === undefined) throw new Error('no ring')
  return ring
}

/** Each problem as `line:column message`. */
function problemsOf(more: More): readonly string[] {
  const reading = readRingFile(smallRingFile(more))
  return reading.ok ? [] : reading.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

describe('what a repository sets for the App', () => {
  it('has defaults', () => {
    const { slots, commands, allowedBots, messages } = accepted({})
    expect({ slots, ttl: commands.ttl, allowedBots, messages }).toEqual({
      slots: 4,
      ttl: 900_000,
      allowedBots: [],
      messages: {},
    })
    expect(commands.words).toEqual(Object.fromEntries(commandNames.map(name => [name, [`/${name}`]])))
  })

  it('[M7] says how many deployments may go on at once', () => {
    expect(accepted({ file: 'slots: 1' }).slots).toBe(1)
  })

  it('gives commands words of its own, which replace the usual ones, and turns commands off', () => {
    const file = 'commands: { promote: [.deploy, /promote], archive: [], ttl: 5m }\nallow-bots: [12, 34]'
    const { commands, allowedBots } = accepted({ file })
    expect(commands.words.promote).toEqual(['.deploy', '/promote'])
    expect(commands.words.archive).toEqual([])
    expect(commands.words.rollback).toEqual(['/rollback'])
    expect(commands.ttl).toBe(300_000)
    expect(allowedBots).toEqual([12, 34])
    expect(Object.values(commands.words).flat().every(isVerb)).toBe(true)
  })

  it('lets a word change its command when the usual one has others', () => {
    const { words } = accepted({ file: 'commands: { promote: [.go], rollback: [/promote] }' }).commands
    expect(words.rollback).toEqual(['/promote'])
  })

  it('gives messages', () => {
    const file =
      "messages:\n  deployed: |\n    **{{version}}** is in {{ ring }}.\n    {{url}}\n  rolled-back: 'Back to {{previous}}'"
    expect(accepted({ file }).messages).toEqual({
      deployed: '**{{version}}** is in {{ ring }}.\n{{url}}\n',
      'rolled-back': 'Back to {{previous}}',
    })
  })
})

describe('what a ring sets for the App', () => {
  it('asks things of pull requests, of checks and of the version that runs', () => {
    const gates =
      'gates: { review: required, up-to-date: required, draft-pull-requests: allow, verified-commits: required, labels: { require: [qa], forbid: [hold] }, checks: all, ignore-checks: [flaky], compatibility: block, rollback-ready: required }'
    expect(ringOf({ ring: gates }).gates).toMatchObject({
      pullRequest: {
        review: 'required',
        upToDate: 'required',
        drafts: 'allow',
        verifiedCommits: 'required',
        labels: { require: ['qa'], forbid: ['hold'] },
      },
      checks: 'all',
      ignoredChecks: ['flaky'],
      compatibility: 'block',
      rollbackReady: 'required',
    })
  })

  it('says what counts as an approval', () => {
    const ring = 'gates: { approvals: { count: 1, authors: true, expiry: 1d, github-reviews: ignore } }'
    expect(ringOf({ ring }).gates.approvals).toEqual({
      count: 1,
      from: [],
      self: false,
      authors: true,
      expiry: 86_400_000,
      githubReviews: 'ignore',
    })
  })

  it('says who may what: every action has its key', () => {
    const ring = `who:\n${ringActions.map(action => `  ${action}: [maintain, role:release-captain, team:SRE, olga]`).join('\n')}`
    const grants = [
      { kind: 'role', role: 'maintain' },
      { kind: 'custom_role', role: 'release-captain' },
      { kind: 'team', slug: 'sre' },
      { kind: 'user', login: 'olga' },
    ]
    expect(ringOf({ ring }).who).toEqual(Object.fromEntries(ringActions.map(action => [action, grants])))
    expect(ringOf({ ring: 'who: { promote: [write] }' }).who).toEqual({ promote: [{ kind: 'role', role: 'write' }] })
  })

  it('says how long things may take, how locks end, and which labels it gives', () => {
    const ring =
      'promotion-expiry: 1d\ncool-down: 5m\nalerts: { slow: 20m }\nlocks: { release: [merge, close] }\nlabels: { success: [deployed], failure: [broken] }'
    expect(ringOf({ ring })).toMatchObject({
      promotionExpiry: 86_400_000,
      coolDown: 300_000,
      alerts: { slow: 1_200_000 },
      locks: { release: ['merge', 'close'] },
      labels: { success: ['deployed'], failure: ['broken'] },
    })
  })

  it('[F4] says how connectors are known, and which values every ring must have', () => {
    const file = accepted({
      solution: 'connectors: { zendesk: ZENDESK_TOKEN }\nrequired-config: [REGION]',
      component: 'connectors: [zendesk]',
    })
    expect(file.solutions[0]).toMatchObject({ connectors: { zendesk: 'ZENDESK_TOKEN' }, requiredConfig: ['REGION'] })
  })
})

describe('a value that cannot be', () => {
  it.each<[string, More, string]>([
    ['slots', { file: 'slots: 0' }, '2:8 `slots` is the number `0`; expected is a whole number from 1 to 100.'],
    [
      'commands: a plain word',
      { file: 'commands: { promote: [ship] }' },
      '2:23 `promote[0]` is `ship`; expected is a sign (`/`, `.`, `!`, `:` or `%`), then small letters, digits and `-`, 40 characters at most, such as `.deploy`. Write `/ship`.',
    ],
    [
      'commands: capitals',
      { file: 'commands: { promote: [.Deploy] }' },
      '2:23 `promote[0]` is `.Deploy`; expected is a sign (`/`, `.`, `!`, `:` or `%`), then small letters, digits and `-`, 40 characters at most, such as `.deploy`. Write `.deploy`.',
    ],
    [
      'commands: a word that is no list',
      { file: 'commands: { promote: .deploy }' },
      '2:22 `promote` is `.deploy`; expected is a list, each item a sign (`/`, `.`, `!`, `:` or `%`), then small letters, digits and `-`, 40 characters at most. Write `[.deploy]`.',
    ],
    [
      'commands: an unknown command',
      { file: 'commands: { deploy: [.deploy] }' },
      '2:13 `deploy` is no key of `commands`. Did you mean `undeploy`?',
    ],
    [
      'commands: two for one word',
      { file: 'commands: { promote: [.go], rollback: [.go] }' },
      '2:40 `.go` means `promote` already; give `rollback` a word of its own.',
    ],
    [
      'commands: the usual word of another',
      { file: 'commands: { promote: [/rollback] }' },
      '2:23 `/rollback` means `rollback` already; give `promote` a word of its own.',
    ],
    [
      'commands: a word twice',
      { file: 'commands: { promote: [.go, .go] }' },
      '2:28 `.go` stands in `promote` twice; remove one.',
    ],
    [
      'commands.ttl',
      { file: 'commands: { ttl: 15 }' },
      '2:18 `ttl` is the number `15`; expected is a duration with its unit, such as `30m`. Write `15s`, `15m` or `15h`.',
    ],
    [
      'allow-bots',
      { file: 'allow-bots: [dependabot]' },
      '2:14 `allow-bots[0]` is `dependabot`; expected is a whole number from 1 to 2147483647.',
    ],
    [
      'messages: an unknown placeholder',
      { file: "messages: { deployed: '{{verson}} is out' }" },
      '2:23 `deployed` has the placeholder `{{verson}}`, which does not exist; there are solution, ring, environment, version, digest, commit, previous, state, url, run, actor, reason. Write `{{version}} is out`.',
    ],
    [
      'messages: code',
      { file: "messages: { deployed: '{{ env.HOME }}' }" },
      '2:23 `deployed` has the placeholder `{{env.HOME}}`, which does not exist; there are solution, ring, environment, version, digest, commit, previous, state, url, run, actor, reason. Write something like `{{version}} is in {{ring}}: {{url}}`.',
    ],
    [
      'messages: another moment',
      { file: 'messages: { deploying: x }' },
      '2:13 `deploying` is no key of `messages`. Did you mean `deployed`?',
    ],
    [
      'messages: nothing',
      { file: "messages: { deployed: '' }" },
      '2:23 `deployed` is an empty text; expected is a text of up to 2,000 characters with placeholders, such as `{{version}} is in {{ring}}: {{url}}`.',
    ],
    [
      'connectors: nobody uses it',
      { solution: 'connectors: { zendsk: A }', component: 'connectors: [zendesk]' },
      '4:19 No component of this solution uses the connector `zendsk`. Did you mean `zendesk`?',
    ],
    [
      'connectors: no name of a secret',
      { solution: 'connectors: { zendesk: GITHUB_TOKEN }', component: 'connectors: [zendesk]' },
      '4:28 `zendesk` is `GITHUB_TOKEN`; expected is the name of a secret: letters, digits and `_`, beginning with no digit and not with `GITHUB_`, such as `OPENAI_API_KEY`.',
    ],
    [
      'required-config',
      { solution: 'required-config: [RINGWAY_URL]' },
      '4:23 `required-config[0]` is `RINGWAY_URL`; expected is a name of letters, digits and `_`, beginning with no digit and not with `RINGWAY_`, such as `LOG_LEVEL`.',
    ],
    [
      'gates.review',
      { ring: 'gates: { review: approved }' },
      '10:26 `review` is `approved`; expected is one of `none`, `required`.',
    ],
    [
      'gates.up-to-date',
      { ring: 'gates: { up-to-date: warn }' },
      '10:30 `up-to-date` is `warn`; expected is one of `none`, `required`.',
    ],
    [
      'gates.draft-pull-requests',
      { ring: 'gates: { draft-pull-requests: true }' },
      '10:39 `draft-pull-requests` is the boolean `true`; expected is one of `refuse`, `allow`.',
    ],
    [
      'gates.verified-commits',
      { ring: 'gates: { verified-commits: require }' },
      '10:36 `verified-commits` is `require`; expected is one of `none`, `required`. Write `required`.',
    ],
    [
      'gates.labels: a word',
      { ring: 'gates: { labels: { require: qa } }' },
      '10:37 `require` is `qa`; expected is a list, each item a name without control characters, 200 at most. Write `[qa]`.',
    ],
    [
      'gates.labels: required and forbidden',
      { ring: 'gates: { labels: { require: [qa], forbid: [QA] } }' },
      '10:52 The label `QA` is required and forbidden; nothing could ever enter. Remove one.',
    ],
    [
      'gates.ignore-checks: no checks',
      { ring: 'gates: { ignore-checks: [flaky] }' },
      '10:18 No checks are asked for, so there are none to ignore; write `checks`, or remove `ignore-checks`.',
    ],
    [
      'gates.ignore-checks: one that is asked for',
      { ring: 'gates: { checks: [a, b], ignore-checks: [b] }' },
      '10:50 `b` is asked for by `checks` and ignored; remove it from one of them.',
    ],
    [
      'gates.ignore-checks: twice',
      { ring: 'gates: { checks: all, ignore-checks: [b, b] }' },
      '10:50 `b` stands in `ignore-checks` twice; remove one.',
    ],
    [
      'gates.compatibility',
      { ring: 'gates: { compatibility: fail }' },
      '10:33 `compatibility` is `fail`; expected is one of `warn`, `block`.',
    ],
    [
      'gates.rollback-ready',
      { ring: 'gates: { rollback-ready: hidden }' },
      '10:34 `rollback-ready` is `hidden`; expected is one of `shown`, `required`.',
    ],
    [
      'gates.approvals.expiry',
      { ring: 'gates: { approvals: { expiry: never } }' },
      '10:39 `expiry` is `never`; expected is a duration with its unit, such as `30m`.',
    ],
    [
      'gates.approvals.authors',
      { ring: 'gates: { approvals: { authors: "true" } }' },
      '10:40 `authors` is `true`; expected is `true` or `false`. Write `true`.',
    ],
    [
      'gates.approvals.github-reviews',
      { ring: 'gates: { approvals: { github-reviews: true } }' },
      '10:47 `github-reviews` is the boolean `true`; expected is one of `count`, `ignore`.',
    ],
    [
      'who: an action nobody knows',
      { ring: 'who: { deploy: [write] }' },
      '10:16 `deploy` is no key of `solutions.support.rings.dev.who`. Did you mean `undeploy`?',
    ],
    [
      'who: another word for a role',
      { ring: 'who: { promote: [writers] }' },
      '10:26 `promote[0]` is `writers`, which looks like the role `write` and would be the login of a stranger. Write `write` or `"@writers"`.',
    ],
    [
      'who: a typing mistake',
      { ring: 'who: { promote: [maintian] }' },
      '10:26 `promote[0]` is `maintian`, which looks like the role `maintain` and would be the login of a stranger. Write `maintain` or `"@maintian"`.',
    ],
    [
      'who: a team without its prefix',
      { ring: 'who: { promote: ["@acme/sre"] }' },
      '10:26 `promote[0]` names neither a role of GitHub, nor a team, nor a login. Write `team:sre`.',
    ],
    [
      'who: nobody',
      { ring: 'who: { promote: [] }' },
      '10:25 `promote` is an empty list; expected is a list, each item a role of GitHub, `role:<custom role>`, `team:<slug>` or a login.',
    ],
    [
      'who: nothing that GitHub knows',
      { ring: 'who: { promote: ["-x-"] }' },
      '10:26 `promote[0]` names neither a role of GitHub, nor a team, nor a login. Write something like `maintain`.',
    ],
    [
      'promotion-expiry',
      { ring: 'promotion-expiry: 400d' },
      '10:27 `promotion-expiry` may be 366 days at most. Write something like `30m`.',
    ],
    [
      'cool-down',
      { ring: 'cool-down: 10' },
      '10:20 `cool-down` is the number `10`; expected is a duration with its unit, such as `30m`. Write `10s`, `10m` or `10h`.',
    ],
    [
      'alerts.slow',
      { ring: 'alerts: { slow: 30 minutes }' },
      '10:25 `slow` is `30 minutes`; expected is a duration with its unit, such as `30m`. Write `30m`.',
    ],
    [
      'locks.release',
      { ring: 'locks: { release: [deploy] }' },
      '10:28 `release[0]` is `deploy`; expected is one of `merge`, `close`.',
    ],
    [
      'labels',
      { ring: 'labels: { succes: [a] }' },
      '10:19 `succes` is no key of `solutions.support.rings.dev.labels`. Did you mean `success`?',
    ],
  ])('%s', (_, more, says) => {
    expect(problemsOf(more)).toEqual([says])
  })
})
