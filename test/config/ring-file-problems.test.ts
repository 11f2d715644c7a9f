import { describe, expect, it } from 'vitest'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { smallRingFile } from './ring-file-text.ts'

/** Each problem as `line:column code message`. */
function problemsOf(text: string): readonly string[] {
  const reading = readRingFile(text)
  return reading.ok
    ? []
    : reading.problems.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)
}

const ring = (more: string): string => smallRingFile({ ring: more })
const component = (more: string): string => smallRingFile({ component: more })

describe('one problem', () => {
  it.each([
    {
      why: 'an unknown key',
      text: smallRingFile({ ring: 'deployOn: push' }),
      says: '10:9 unknown_key `deployOn` is no key of `solutions.support.rings.dev`. Did you mean `deploy-on`?',
    },
    {
      why: 'a key on the wrong level',
      text: ring('soak: 10m'),
      says: '10:9 unknown_key `soak` is no key of `solutions.support.rings.dev`. It belongs deeper: `gates.soak`.',
    },
    {
      why: 'a key nobody can guess',
      text: smallRingFile({ file: 'zebra: 1' }),
      says: '2:1 unknown_key `zebra` is no key of the file. Known here: `version`, `workflow`, `config`, `solutions`, `slots`, `commands`, `allow-bots`, `messages`.',
    },
    {
      why: 'a missing key',
      text: 'version: 1\n',
      says: '1:1 missing_key `solutions` is missing in the file; it is a map.',
    },
    { why: 'an empty file', text: '', says: '1:1 missing_key The file is empty; it begins with `version: 1`.' },
    {
      why: 'another version',
      text: smallRingFile({}).replace('version: 1', 'version: 2'),
      says: '1:10 wrong_value `version` is the number `2`; expected is `1`.',
    },
    {
      why: 'an empty value',
      text: ring('config:'),
      says: '10:16 wrong_value `config` is empty; expected is a map. Write one, or remove the key.',
    },
    {
      why: 'a duration without a unit',
      text: component('timeout: 60'),
      says: '7:18 wrong_value `timeout` is the number `60`; expected is a duration with its unit, such as `30m`. Write `60s`, `60m` or `60h`.',
    },
    {
      why: 'a duration in long words',
      text: component('timeout: 5 minutes'),
      says: '7:18 wrong_value `timeout` is `5 minutes`; expected is a duration with its unit, such as `30m`. Write `5m`.',
    },
    {
      why: 'a duration out of order',
      text: component('timeout: 5m1h'),
      says: '7:18 wrong_value `timeout` names its units from the largest to the smallest, each once: `1h30m`. Write something like `30m`.',
    },
    {
      why: 'a name in capitals',
      text: smallRingFile({}).replace('triage:', 'Triage Agent:'),
      says: '5:7 wrong_value The name `Triage Agent` cannot be used; expected is a name of small letters, digits and single `-`, beginning with a letter, 40 at most. Write `triage-agent`.',
    },
    {
      why: 'one word of several',
      text: smallRingFile({ rings: 'staging: { after: dev, promote: automatic }' }),
      says: '10:39 wrong_value `promote` is `automatic`; expected is one of `manual`, `auto`. Write `auto`.',
    },
    {
      why: 'a list that is a word',
      text: component('tools: search'),
      says: '7:16 wrong_value `tools` is `search`; expected is a list, each item a name without control characters, 200 at most. Write `[search]`.',
    },
    {
      why: 'a text that is a number',
      text: component('start: 5'),
      says: '7:16 wrong_value `start` is the number `5`; expected is a command line, such as `./deploy.sh`. Write `"5"`.',
    },
    {
      why: 'a path that leaves',
      text: component('input: ../secret.json'),
      says: '7:16 wrong_value `input` is `../secret.json`; expected is a path inside the repository, with `/`, such as `schemas/ticket.json`.',
    },
    {
      why: 'a component nobody declares',
      text: component('uses: [triag-e2]'),
      says: '7:16 unknown_name `uses` names `triag-e2`, and this solution has no such component. Declare it, or write `<solution>/<component>@v<number>` for one of another solution.',
    },
    {
      why: 'a published one without a version',
      text: component('uses: [billing/lookup]'),
      says: '7:16 wrong_value `uses[0]` is `billing/lookup`; expected is a component of this solution, or `<solution>/<component>@v<number>`, such as `billing/lookup@v12`. Write `billing/lookup@v1`.',
    },
    {
      why: 'a component that uses itself',
      text: component('uses: [triage]'),
      says: '7:16 cycle `triage` uses itself; remove it.',
    },
    {
      why: 'the same thing twice',
      text: component('tools: [a, a]'),
      says: '7:20 duplicate `a` stands in `tools` twice; remove one.',
    },
    {
      why: 'two ways to start',
      text: component('start: a\nexec: b'),
      says: '8:9 contradiction `start` (a process that speaks HTTP) and `exec` (a process per run) exclude each other; remove one.',
    },
    {
      why: 'a path nobody answers at',
      text: component('path: /a'),
      says: '7:9 contradiction `path` is where a component with `start` answers; write `start`, or remove `path`.',
    },
    {
      why: 'a ring that is not there',
      text: smallRingFile({ rings: 'staging: { after: dve }' }),
      says: '10:25 unknown_name `after` names the ring `dve`, which this solution does not have. Did you mean `dev`?',
    },
    {
      why: 'rings in a circle',
      text: smallRingFile({ rings: 'a: { after: b, deploy: { target: command, run: x } }\nb: { after: a }' }),
      says: '10:19 cycle Rings follow each other in a circle: a after b after a. Remove `after` from the first ring.',
    },
    {
      why: 'a ring after itself',
      text: ring('after: dev'),
      says: '10:16 cycle Rings follow each other in a circle: dev after dev. Remove `after` from the first ring.',
    },
    {
      why: 'a push past the first ring',
      text: smallRingFile({ rings: 'staging: { after: dev, deploy-on: push }' }),
      says: '10:41 contradiction A push cannot go to a ring that comes after `dev`. Remove `deploy-on`; `promote: auto` moves versions on by themselves.',
    },
    {
      why: 'a promotion from nowhere',
      text: ring('promote: auto'),
      says: '10:18 contradiction `promote: auto` needs a ring before; write `after`, or `deploy-on: push` for a first ring.',
    },
    {
      why: 'a soak in no ring',
      text: ring('gates: { soak: 10m }'),
      says: '10:24 contradiction `soak` is spent in the ring before, and there is none; write `after`, or remove `soak`.',
    },
    {
      why: 'two rings on one environment',
      text: smallRingFile({ rings: 'staging: { after: dev, environment: DEV }' }),
      says: '10:43 duplicate The environment `DEV` is used by `solutions.support.rings.dev` already; one environment belongs to one ring. Write `environment: support-staging`.',
    },
    {
      why: 'a first ring without a target',
      text: smallRingFile({}).replace(/deploy: .*/, 'accepts: drafts'),
      says: '8:7 missing_key `deploy` is missing in a first ring. Write `deploy: { target: command, run: ./deploy.sh }`.',
    },
    {
      why: 'a target without a command',
      text: smallRingFile({}).replace(', run: ./deploy.sh', ''),
      says: '9:9 missing_key `run` is missing in `deploy`; the target `command` places a version by it, as in `run: ./deploy.sh`.',
    },
    {
      why: 'two checks in one',
      text: ring('checks: [ { http: /a, run: b } ]'),
      says: '10:31 contradiction `http` and `run` are two checks; write each as an item of its own.',
    },
    {
      why: 'a check of nothing',
      text: ring('checks: [ {} ]'),
      says: '10:19 missing_key A check says what it does: write `http: /healthz` or `run: <command line>`.',
    },
    {
      why: 'a status of a command',
      text: ring('checks: [ { run: a, expect: 200 } ]'),
      says: '10:29 contradiction `expect` is the HTTP status of an `http` check; remove it here.',
    },
    {
      why: 'more approvals than people',
      text: ring('gates: { approvals: { count: 3, from: [ann, bob, BOB] } }'),
      says: '10:38 contradiction 3 approvals are asked of 2 people; nobody could ever satisfy it. Lower `count` to 2, or name more people or a team.',
    },
    {
      why: 'an unknown zone',
      text: ring('gates: { windows: { allow: "Mon-Thu 09:00-16:00 Europe/Berln" } }'),
      says: '10:36 wrong_value `allow` names the zone `Europe/Berln`, which is no IANA zone. Write `Mon-Thu 09:00-16:00 Europe/Berlin`.',
    },
    {
      why: 'an abbreviation for a zone',
      text: ring('gates: { windows: { allow: "Mon 09:00-16:00 CEST" } }'),
      says: '10:36 wrong_value `allow` names the zone `CEST`, which is no IANA zone. Write `Mon 09:00-16:00 Europe/Berlin` or `Mon 09:00-16:00 UTC`.',
    },
    {
      why: 'the second window of a list',
      text: ring('gates: { windows: { allow: [Mon 09:00-16:00 UTC, Mon 09:00-25:00 UTC] } }'),
      says: '10:58 wrong_value `allow[1]` has the hours `09:00-25:00`; they go from 00:00 to 24:00, as in `09:00-16:00`. Write something like `Mon-Thu 09:00-16:00 Europe/Berlin`.',
    },
    {
      why: 'a day that no calendar has',
      text: ring('gates: { windows: { freeze: [ { from: 2027-02-29, to: 2027-03-01, reason: x } ] } }'),
      says: '10:47 wrong_value `from` is `2027-02-29`, a day that no calendar has. Write something like `2026-12-20 18:00`.',
    },
    {
      why: 'a freeze that ends before it begins',
      text: ring('gates: { windows: { freeze: [ { from: 2027-03-02, to: 2027-03-01, reason: x } ] } }'),
      says: '10:63 contradiction The freeze ends before it begins; swap `from` and `to`.',
    },
    {
      why: 'a secret among configuration',
      text: smallRingFile({ component: 'secrets: [API_KEY]', ring: 'config: { API_KEY: abc }' }),
      says: '11:19 contradiction `API_KEY` is a secret of the component `triage`, and configuration is not secret. Remove it here and keep the value in the GitHub Environment.',
    },
    {
      why: 'a variable of ours',
      text: ring('config: { RINGWAY_URL: x }'),
      says: '10:19 wrong_value The name `RINGWAY_URL` cannot be used; expected is a name of letters, digits and `_`, beginning with no digit and not with `RINGWAY_`.',
    },
    {
      why: 'a configuration value that is a list',
      text: ring('config: { A: [1] }'),
      says: '10:22 wrong_value `A` is a list; expected is a text, a number, or true or false, such as `info`.',
    },
    {
      why: 'no component at all',
      text: smallRingFile({})
        .replace(/ {6}triage:\n {8}kind: agent\n/, '')
        .replace('components:', 'components: {}'),
      says: '4:17 missing_key `components` is empty; it names at least one.',
    },
  ])('$why', ({ text, says }) => {
    expect(problemsOf(text)).toEqual([says])
  })
})

it('all problems are listed at once, each with its place and what to write instead', () => {
  const text = [
    'version: 2',
    'solutions:',
    '  Support Desk:',
    '    buld: npm run build',
    '    rings:',
    '  support:',
    '    components: { triage: { knd: agent, timeout: 60 } }',
    '    rings: { dev: { after: dve, checks: [ { http: healthz } ] } }',
  ].join('\n')
  const reading = readRingFile(text, 'rings.yml')
  expect(
    reading.ok ? [] : reading.problems.map(({ line, column, key, suggestion }) => [line, column, key, suggestion]),
  ).toEqual([
    [1, 10, 'version', undefined],
    [3, 3, 'solutions.Support Desk', 'support-desk'],
    [3, 3, 'solutions.Support Desk.components', undefined],
    [4, 5, 'solutions.Support Desk.buld', 'build'],
    [5, 11, 'solutions.Support Desk.rings', undefined],
    [7, 19, 'solutions.support.components.triage.kind', undefined],
    [7, 29, 'solutions.support.components.triage.knd', 'kind'],
    [7, 50, 'solutions.support.components.triage.timeout', undefined],
    [8, 28, 'solutions.support.rings.dev.after', undefined],
    [8, 51, 'solutions.support.rings.dev.checks[0].http', '/healthz'],
  ])
  expect(reading).toMatchObject({
    problems: [{ path: 'rings.yml', severity: 'error' }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
  })
})

describe('a feature that does not exist yet is refused, never ignored', () => {
  const schedule =
    'triggers: [ { schedule: { cron: "0 9 * * MON-FRI", timezone: Europe/Berlin, overlap: skip, catch-up: 1h } } ]'
  it.each([
    { key: 'evaluation', text: smallRingFile({ solution: 'evaluation: { dataset: a.jsonl, run: x }' }), at: '4:5' },
    { key: 'order', text: smallRingFile({ solution: 'order: [triage]' }), at: '4:5' },
    { key: 'triggers', text: component(schedule), at: '7:9' },
    { key: 'isolation', text: component('isolation: container'), at: '7:9' },
    { key: 'host', text: smallRingFile({}).replace('target: command', 'target: host'), at: '9:27' },
    {
      key: 'evaluation',
      text: ring('checks: [ { evaluation: { no-worse-than: baseline, margin: 5pp } } ]'),
      at: '10:21',
    },
    { key: 'required', text: ring('gates: { budget: required }'), at: '10:26' },
    { key: 'canary', text: ring('rollout: { strategy: canary }'), at: '10:30' },
    { key: 'steps', text: ring('rollout: { steps: [ { weight: 5, for: 10m } ] }'), at: '10:20' },
    {
      key: 'analysis',
      text: ring('analysis: { errors: { tolerance: 1.5 }, false-rollback: 0.01, on-inconclusive: extend }'),
      at: '10:9',
    },
    { key: 'watch', text: ring('watch: 2h'), at: '10:9' },
    { key: 'breaker', text: ring('breaker: { consecutive: 5, rate: 50%, of: 20, window: 5m }'), at: '10:9' },
    {
      key: 'budget',
      text: ring('budget: { amount: 200 USD, per: month, alert: [50, 80, 95], enforce: true }'),
      at: '10:9',
    },
    { key: 'slo', text: ring('slo: { success: 99.9% }'), at: '10:9' },
    { key: 'traffic', text: ring('traffic: { sticky: "header:X-User" }'), at: '10:9' },
  ])('$key', ({ key, text, at }) => {
    const reading = readRingFile(text)
    expect(
      reading.ok
        ? []
        : reading.problems.map(({ line, column, code, message }) => [`${line}:${column}`, code, message.split(',')[0]]),
    ).toEqual([[at, 'feature_not_available', `\`${key}\` belongs to the grammar`]])
  })
})
