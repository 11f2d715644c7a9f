import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandNames } from '../../../src/domain/command/command.ts'
import { type Reading, readCommand } from '../../../src/domain/command/read-command.ts'
import { usageExample } from '../../../src/domain/command/usage.ts'
import { defaultVerbs, verbTable } from '../../../src/domain/command/verbs.ts'
import { digestOf } from '../../support/ring-records.ts'

const read = (body: string): Reading => readCommand(body, defaultVerbs)
const codeOf = (reading: Reading): string => (reading.kind === 'refused' ? reading.code : reading.kind)
const wordsOf = (reading: Reading): string =>
  reading.kind === 'refused' ? `${reading.message} ${reading.remedy}` : reading.kind

const promote = {
  kind: 'promote',
  ring: { ring: 'staging' },
  dryRun: false,
  hotfix: false,
  skipOrder: false,
  parameters: {},
} as const
const hour = 3_600_000

describe('a command is read', () => {
  it.each<[string, Record<string, unknown>]>([
    ['/promote staging', promote],
    ['  /promote\t staging  ', promote],
    ['/promote support/staging', { ...promote, ring: { solution: 'support', ring: 'staging' } }],
    ['/promote staging v12', { ...promote, artifact: { kind: 'version', number: 12 } }],
    [`/promote staging ${digestOf(7)}`, { ...promote, artifact: { kind: 'digest', digest: digestOf(7) } }],
    ['/promote staging --dry-run', { ...promote, dryRun: true }],
    ['/promote --dry-run staging', { ...promote, dryRun: true }],
    ['/promote staging --reason "it works" --dry-run', { ...promote, reason: 'it works', dryRun: true }],
    ['/promote staging --reason it works', { ...promote, reason: 'it works' }],
    ['/promote staging --reason=it works', { ...promote, reason: 'it works' }],
    ['/promote staging --reason it works --dry-run', { ...promote, reason: 'it works', dryRun: true }],
    ['/promote staging --reason “it --works”', { ...promote, reason: 'it --works' }],
    ['/promote staging --reason a well-known bug – fixed', { ...promote, reason: 'a well-known bug – fixed' }],
    ['/promote staging --hotfix --reason "down"', { ...promote, hotfix: true, reason: 'down' }],
    ['/promote staging --skip-order --reason "down"', { ...promote, skipOrder: true, reason: 'down' }],
    ['/promote staging -- ticket=OPS-1 a=b=c', { ...promote, parameters: { ticket: 'OPS-1', a: 'b=c' } }],
    ['/rollback production', { kind: 'rollback', ring: { ring: 'production' }, quarantine: false }],
    [
      '/rollback production to v3 --quarantine --reason empty answers',
      {
        kind: 'rollback',
        ring: { ring: 'production' },
        to: { kind: 'version', number: 3 },
        quarantine: true,
        reason: 'empty answers',
      },
    ],
    [
      '/rollback production v3',
      { kind: 'rollback', ring: { ring: 'production' }, to: { kind: 'version', number: 3 }, quarantine: false },
    ],
    ['/approve', { kind: 'approve' }],
    ['/approve production --reason ok', { kind: 'approve', ring: { ring: 'production' }, reason: 'ok' }],
    ['/reject', { kind: 'reject' }],
    ['/pause staging', { kind: 'pause', ring: { ring: 'staging' } }],
    ['/resume staging', { kind: 'resume', ring: { ring: 'staging' } }],
    ['/undeploy staging', { kind: 'undeploy', ring: { ring: 'staging' } }],
    ['/archive staging', { kind: 'archive', ring: { ring: 'staging' } }],
    [
      '/lock staging --for 2h --reason load test',
      { kind: 'lock', ring: { ring: 'staging' }, duration: 2 * hour, reason: 'load test' },
    ],
    ['/lock --global --for=1h30m', { kind: 'lock', duration: 1.5 * hour }],
    ['/lock staging --details', { kind: 'show_lock', ring: { ring: 'staging' } }],
    ['/lock --global --details', { kind: 'show_lock' }],
    ['/unlock staging', { kind: 'unlock', ring: { ring: 'staging' } }],
    ['/unlock --global', { kind: 'unlock' }],
    ['/unquarantine v12', { kind: 'unquarantine', artifact: { kind: 'version', number: 12 } }],
    [
      '/unquarantine v12 support/production',
      {
        kind: 'unquarantine',
        artifact: { kind: 'version', number: 12 },
        ring: { solution: 'support', ring: 'production' },
      },
    ],
    ['/run triage {"ticket": [1, "`$(id)`"]}', { kind: 'run', component: 'triage', input: { ticket: [1, '`$(id)`'] } }],
    [
      '/run support/triage --ring staging null',
      { kind: 'run', solution: 'support', component: 'triage', ring: 'staging', input: null },
    ],
    ['/status', { kind: 'status' }],
    ['/status staging', { kind: 'status', ring: { ring: 'staging' } }],
    ['/diff staging', { kind: 'diff', ring: { ring: 'staging' } }],
    ['/retry', { kind: 'retry' }],
    ['/help', { kind: 'help' }],
    ['/help promote', { kind: 'help', about: 'promote' }],
    ['/help /promote', { kind: 'help', about: 'promote' }],
  ])('%s', (body, command) => {
    const reading = read(body)
    expect(reading.kind === 'command' && JSON.parse(JSON.stringify(reading.command))).toEqual(command)
    expect(reading).toMatchObject({ text: body.trim() })
  })

  it.each(commandNames)('the example of %s', name => {
    const reading = read(usageExample(name, defaultVerbs))
    expect(reading).toMatchObject({ kind: 'command', command: { kind: name } })
  })
})

describe('a command that is not one', () => {
  it.each<[string, string, ...string[]]>([
    // body, code, what the answer says
    ['/promote staging; rm -rf /', 'command_invalid', '`staging;`', 'Usage: `/promote <ring> [version]'],
    ['/promote staging && reboot', 'command_invalid', '`reboot`', 'not expected'],
    ['/promote staging v12; id', 'command_invalid', '`id`'],
    ['/promote `id`', 'command_invalid', "`'id'`"],
    ['/promote $(id)', 'command_invalid', '`$(id)`'],
    ['/promote staging | tee x', 'command_invalid', '`tee x`'],
    ['/promote staging > x', 'command_invalid', '`x`'],
    ['/promote ../staging', 'command_invalid', '`../staging`'],
    ['/promote a/b/c', 'command_invalid', '`a/b/c`'],
    ['/promote', 'command_invalid', 'The ring is missing.', 'support/staging'],
    ['/promote staging v12 v13', 'command_invalid', '`v13` was not expected'],
    ['/promote staging 12', 'command_invalid', 'Write `v12`.'],
    ['/promote staging V12', 'command_invalid', 'Write `v12`.'],
    ['/promote staging v0', 'command_invalid', '`v0` is no version'],
    ['/promote staging latest', 'command_invalid', '`latest` is no version'],
    [`/promote staging ${digestOf(1)}0`, 'command_invalid', 'is no version'],
    ['/promote staging --dryrun', 'command_invalid', 'no option `--dryrun`', 'Did you mean `--dry-run`?'],
    ['/promote staging —dry-run', 'command_invalid', 'no option `—dry-run`', 'Did you mean `--dry-run`?'],
    ['/promote staging --force', 'command_invalid', 'It has `--reason`, `--dry-run`'],
    ['/status --force', 'command_invalid', 'It has none'],
    ['/promote staging --dry-run --dry-run', 'command_invalid', 'given twice'],
    ['/promote staging --dry-run=false', 'command_invalid', 'takes no value'],
    ['/promote staging --reason', 'command_invalid', 'has no value'],
    ['/promote staging --reason ""', 'command_invalid', 'has no value'],
    ['/promote staging --reason "x', 'command_invalid', 'never ends'],
    ['/promote staging --reason "x"y', 'command_invalid', '`y`'],
    [`/promote staging --reason ${'x'.repeat(501)}`, 'command_invalid', '501 characters'],
    ['/promote staging --hotfix', 'command_invalid', '`--hotfix` needs a reason'],
    ['/promote staging --skip-order', 'command_invalid', '`--skip-order` needs a reason'],
    // An option that hides in a sentence would turn a rehearsal into the real thing.
    ['/promote staging --reason fix it —dry-run', 'command_invalid', 'Did you mean `--dry-run`?'],
    ['/promote staging --reason fix it --dryrun', 'command_invalid', 'Did you mean `--dry-run`?'],
    ['/promote staging -- ', 'command_invalid', 'No parameter follows'],
    ['/promote staging -- url=https://x/?a', 'command_invalid', 'is no parameter'],
    ['/promote staging -- a=$(id)', 'command_invalid', 'is no parameter'],
    ['/promote staging -- a="b c"', 'command_invalid', 'is no parameter'],
    ['/promote staging -- __proto__=x', 'command_invalid', 'is no parameter'],
    ['/promote staging -- a=1 a=2', 'command_invalid', 'given twice'],
    [
      `/promote staging -- ${Array.from({ length: 21 }, (_, n) => `k${n}=1`).join(' ')}`,
      'command_invalid',
      '21 parameters',
    ],
    [`/promote staging -- a=${'x'.repeat(201)}`, 'command_invalid', 'is no parameter'],
    ['/promote staging -- a=1 a=2', 'command_invalid', 'is given twice'],
    ['/promote staging -- dry-run=1 DRY_RUN=2', 'command_invalid', 'are both RINGWAY_PARAMETER_DRY_RUN'],
    ['/rollback staging -- a=1', 'command_invalid', 'takes no parameters'],
    ['/rollback staging to', 'command_invalid', 'The version is missing.'],
    ['/rollback staging v1 v2', 'command_invalid', '`v2` was not expected'],
    ['/lock', 'command_invalid', '`--global`'],
    ['/lock staging --global', 'command_invalid', 'Leave out either.'],
    ['/lock staging --for soon', 'command_invalid', '`soon`', '`30m`, `2h` or `1d`'],
    ['/lock staging --for 2 hours', 'command_invalid', 'Write `--for 2s`.'],
    ['/lock staging --for 0s', 'command_invalid', '`0s`'],
    ['/lock staging --for 400d', 'command_invalid', '366 days'],
    ['/lock staging --for --reason x', 'command_invalid', 'has no value', '`--for 2h`'],
    ['/lock staging --details --for 2h', 'command_invalid', 'only shows'],
    ['/pause', 'command_invalid', 'The ring is missing.'],
    ['/unquarantine', 'command_invalid', 'The version is missing.'],
    ['/help me', 'command_invalid', '`me` is no command'],
    ['/run', 'command_invalid', 'The component is missing.'],
    ['/run triage', 'command_invalid', '`{}`'],
    ['/run triage {"a": tru}', 'command_invalid', 'at character 7 of it, `tru}`, a value was expected'],
    [
      '/run triage {"a": 1',
      'command_invalid',
      'at character 8 of it, the end, `,` or the end of the object is missing',
    ],
    ['/run triage {"__proto__": 1}', 'command_invalid', 'at character 2'],
    ['/run triage --rings x {}', 'command_invalid', 'at character 1'],
    ['/run tri;age {}', 'command_invalid', '`tri;age`'],
    ['/run triage --ring a;b {}', 'command_invalid', '`a;b`'],
    ['/promote staging <!-- x -->', 'command_invalid', 'HTML comment'],
    ['/promote staging --reason x <!-- y -->', 'command_invalid', 'HTML comment'],
    [`/promote staging --reason ${'x'.repeat(9_000)}`, 'command_invalid', 'first line'],
    ['/promot staging', 'command_invalid', 'Did you mean `/promote`?'],
    ['/rolback production', 'command_invalid', 'Did you mean `/rollback`?'],
    ['/Promote staging', 'command_invalid', 'Did you mean `/promote`?'],
  ])('B36: %s', (body, code, ...parts) => {
    const reading = read(body)
    expect(codeOf(reading)).toBe(code)
    for (const part of parts) expect(wordsOf(reading)).toContain(part)
  })

  it.each([
    ['0123456', '7 digits'],
    ['a1b2c3d', '7 letters and digits'],
    ['A1B2C3D4', 'large letters'],
    ['a'.repeat(40), 'a full commit'],
    ['1'.repeat(40), 'a full commit of digits'],
    ['a'.repeat(64), 'a full SHA-256 commit'],
  ])('B51: a commit, %s (%s), is never taken for a version', commit => {
    const reading = read(`/promote staging ${commit}`)
    expect(codeOf(reading)).toBe(commit === '0123456' ? 'command_invalid' : 'commit_not_accepted')
    expect(codeOf(read(`/rollback staging to ${commit}`))).toBe(codeOf(reading))
  })
})

describe('a comment without a command', () => {
  it.each([
    '',
    ' \n\t\n',
    'Looks good',
    'Please /promote staging',
    '/lgtm',
    '/retest',
    '/assign @bob',
    '/help-wanted',
    '/deploy staging',
    '/promote, then we see',
    '/promotestaging',
    '/usr/bin/env',
    'promote staging',
    '\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c',
    '.promote staging',
    '/constructor',
    '/__proto__',
  ])('%j', body => expect(read(body)).toEqual({ kind: 'none' }))

  it.each([
    '> /promote staging',
    '>/promote staging',
    '```\n/promote staging\n```',
    '~~~\n/promote staging\n~~~',
    '    /promote staging',
    '\t/promote staging',
    '<!-- /promote staging -->',
    '<!--\n/promote staging\n-->',
    '<!-- x -->\n/promote staging',
    '<details>\n/promote staging\n</details>',
    '<details><summary>x</summary>\n\n/promote staging\n</details>',
    '`/promote staging`',
    '**/promote staging**',
    '- /promote staging',
    '1. /promote staging',
    '# /promote staging',
    'Thanks!\n\n/promote staging',
  ])('B32: %j', body => expect(read(body)).toEqual({ kind: 'none' }))
})

describe('B33: two commands in one comment', () => {
  it.each([
    '/promote staging\n/promote production',
    '/promote staging\r\n\r\nand then\r\n/status',
    '/promote staging\r/status',
    '/promote staging\n  /rollback production now',
    '/promote staging /rollback production',
    '/promote staging\n```\nlog\n```\n/status',
    '/promote staging\n<!-- x -->\n/status',
  ])('%j is refused', body => {
    expect(codeOf(read(body))).toBe('several_commands')
    expect(wordsOf(read(body))).toContain('Write one command')
  })

  it.each([
    '/promote staging\n\nBecause /status says so',
    '/promote staging\n> /status',
    '/promote staging\n```sh\n/status\n```',
    '/promote staging\n````\n```\n/status\n````',
    '/promote staging\n~~~\n```\n/status\n~~~',
    '/promote staging\n<!--\n/status\n-->',
    '/promote staging\n<details>\n\n/status\n</details>',
    '/promote staging\n\n    /status',
    '/promote staging --reason "undo /rollback"',
    '/promote staging\n/lgtm',
  ])('%j is one', body => expect(codeOf(read(body))).toBe('command'))
})

describe('B34: a command that is not what it looks like', () => {
  it.each([
    ['/pr\u043emote staging', 'a Cyrillic letter'],
    ['/\u0440r\u043em\u043et\u0435 staging', 'several'],
    ['/promote\u200b staging', 'a zero-width space'],
    ['\u200b/promote staging', 'one before it'],
    ['\ufeff/promote staging', 'a byte order mark'],
    ['\uff0fpromote staging', 'a full-width slash'],
    ['/\uff50\uff52\uff4f\uff4d\uff4f\uff54\uff45 staging', 'full-width letters'],
    ['\u202e/promote staging', 'a direction override'],
    ['/promote\u00a0staging', 'a blank that does not break'],
    ['/promote staging\u200b', 'a zero-width space at the end'],
    ['/promote \u202egnigats', 'an override of the ring'],
    ['/promote st\u2060aging', 'a word joiner'],
    ['/promote staging --reason a\u2028/promote production', 'a separator of lines'],
    ['/promote staging --reason a\u0000b', 'NUL'],
    ['/promote staging --reason a\u001b[2Jb', 'an escape'],
    ['/promote staging --reason a\u{e0041}b', 'a tag'],
    ['/promote staging --reason a\u3164b', 'a filler'],
    ['/promote staging --reason a\ud800b', 'half a character'],
    ['/promote \uff53taging', 'a full-width letter of the ring'],
    ['/promote staging \uff56\uff11', 'a full-width version'],
    ['/promote staging --reason e\u0301', 'a mark that is not composed'],
    ['/run triage {"a": "\uff21"}', 'a full-width letter in JSON'],
  ])('%j: %s', body => {
    const reading = read(body)
    expect(codeOf(reading)).toBe('command_disguised')
    expect(wordsOf(reading)).toContain('by hand')
  })

  it('names the character', () => {
    expect(wordsOf(read('/promote st\u200baging'))).toContain('U+200B')
    expect(wordsOf(read('/promote \uff53taging'))).toContain('U+FF53')
  })

  it('takes letters of every language in a reason', () => {
    const reason = 'Größe geprüft, 確認済み, проверено 🚀'
    expect(read(`/promote staging --reason ${reason}`)).toMatchObject({ command: { reason } })
  })
})

describe('verbs of a repository', () => {
  const verbs = verbTable({ promote: ['.deploy', '/ship'], archive: [] })
  it.each([
    ['.deploy staging', 'command'],
    ['/ship staging', 'command'],
    // The default is off, and what is left says nothing.
    ['/promote staging', 'none'],
    ['/archive staging', 'none'],
    ['/rollback staging', 'command'],
    ['.deploy staging\n/ship staging', 'several_commands'],
    ['.deploy staging\n/promote staging', 'command'],
  ])('%j: %s', (body, code) => expect(codeOf(readCommand(body, verbs))).toBe(code))
  it('stand in the usage', () =>
    expect(wordsOf(readCommand('.deploy', verbs))).toContain('Usage: `.deploy <ring> [version]'))
})

describe('B38: a long comment', () => {
  const long = 'x'.repeat(5) + '\n'
  it.each<[string, string, string]>([
    ['10,000 lines', `/promote staging\n${long.repeat(10_000)}`, 'command'],
    ['10,000 lines and a quoted command', `/promote staging\n${long.repeat(10_000)}> /status`, 'command'],
    ['64 kB in one line', `/promote staging ${'x'.repeat(65_000)}`, 'command_invalid'],
    ['64 kB of words', `/promote ${'a '.repeat(32_000)}`, 'command_invalid'],
    ['8 kB of words', `/promote ${'a '.repeat(4_000)}`, 'command_invalid'],
    ['8 kB of dashes', `/promote staging --reason ${'- '.repeat(4_000)}`, 'command_invalid'],
    ['64 kB of spaces', `${' '.repeat(65_000)}/promote staging`, 'none'],
    ['empty lines', `${'\n'.repeat(60_000)}/promote staging`, 'command'],
    ['fences', `/promote staging\n${'```\n'.repeat(16_000)}`, 'command'],
    ['comments that open', `/promote staging\n${'<!--'.repeat(16_000)}`, 'command'],
    ['details that open', `/promote staging\n${'<details>'.repeat(7_000)}`, 'command'],
    ['brackets', `/run triage ${'['.repeat(8_000)}`, 'command_invalid'],
    ['quotes', `/run triage ${'"'.repeat(8_000)}`, 'command_invalid'],
    ['backslashes', `/run triage "${'\\'.repeat(8_000)}`, 'command_invalid'],
    ['digits', `/run triage ${'1'.repeat(8_000)}e`, 'command_invalid'],
    ['a word without end', `/${'promote'.repeat(9_000)}`, 'none'],
    ['full-width text', '\uff0f'.repeat(20_000), 'none'],
  ])('%s', (_, body, code) => {
    expect(codeOf(read(body))).toBe(code)
    const measure = (): number => {
      const start = performance.now()
      read(body)
      return performance.now() - start
    }
    // The fastest of some: others use the machine too.
    let took = measure()
    for (let more = 0; more < 30 && took >= 5; more += 1) took = Math.min(took, measure())
    expect(took).toBeLessThan(5)
  })
})

describe('whatever the text', () => {
  const word = fc.oneof(
    fc.constantFrom(...commandNames.map(name => `/${name}`)),
    fc.constantFrom('staging', 'support/production', 'v12', 'to', '--reason', '--for', '2h', '--', 'a=b', '"', '{}'),
    fc.constantFrom('--global', '--dry-run', '--ring', '\n', '\r\n', '>', '```', '<!--', '-->', '<details>', '\t'),
    fc.constantFrom('    ', '—', ';', '\u200b', '`'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  const body = fc.array(word, { maxLength: 12 }).map(words => words.join(' '))

  it('never throws; every refusal says what to do, in one line, in plain characters', () => {
    fc.assert(
      fc.property(body, text => {
        const reading = read(text)
        if (reading.kind !== 'refused') return
        expect(reading.remedy).not.toBe('')
        expect(reading.message.length).toBeLessThan(400)
        expect(`${reading.message}${reading.remedy}`).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
        // No text of a stranger ends a code span.
        expect(`${reading.message}${reading.remedy}`.split('`').length % 2).toBe(1)
      }),
      { numRuns: 2_000 },
    )
  })

  it('a command comes only from a line that is what it looks like and begins with its verb', () => {
    fc.assert(
      fc.property(body, text => {
        const reading = read(text)
        if (reading.kind !== 'command') return
        const line = text.split(/\r\n|\n|\r/).find(one => /[^ \t]/.test(one)) ?? ''
        expect(line.normalize('NFKC')).toBe(line)
        const verb = reading.command.kind === 'show_lock' ? 'lock' : reading.command.kind
        expect(line.trim().split(/[ \t]/)[0]).toBe(`/${verb}`)
      }),
      { numRuns: 2_000 },
    )
  })

  it('what follows the first line changes nothing, except that it may be a second command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), rest => {
        const reading = read(`/promote staging v3\n${rest}`)
        const alone = read('/promote staging v3')
        expect(codeOf(reading) === 'several_commands' ? alone : reading).toEqual(alone)
      }),
    )
  })
})
