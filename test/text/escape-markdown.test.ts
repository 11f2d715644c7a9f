import { describe, expect, it } from 'vitest'
import {
  codeBlock,
  codeSpan,
  escapeMarkdown,
  link,
  printable,
  proseAsMarkdown,
  safeUrl,
} from '../../src/text/escape-markdown.ts'
import { logLine } from '../../src/text/log-line.ts'

const thin = '\u200b'

describe('text of strangers in Markdown', () => {
  it.each([
    ['a title', 'Fix the login', 'Fix the login'],
    ['HTML', '<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)>'],
    ['an entity that would become a mention', '&#64;everyone', `&amp;#${thin}64;everyone`],
    ['a mention', 'thanks @octocat', `thanks @${thin}octocat`],
    ['a reference', 'like #17', `like #${thin}17`],
    ['a link', '[here](javascript:alert(1))', '\\[here\\](javascript:alert(1))'],
    ['an image', '![x](https://evil.test/x.svg)', '!\\[x\\](https\\://evil.test/x.svg)'],
    ['a bare address', 'see https://evil.test', 'see https\\://evil.test'],
    ['a bare host', 'see WWW.evil.test', 'see WWW\\.evil.test'],
    ['a cell', 'a | b', 'a \\| b'],
    ['a comment that hides', '<!-- x -->', '&lt;!-- x -->'],
    ['code', '`rm`', '\\`rm\\`'],
    ['a backslash before what is escaped', '\\[x]', '\\\\\\[x\\]'],
    ['lines', ' # one\n\n/promote production ', '\\# one /promote production'],
    ['a list', '- one', '\\- one'],
    ['a quotation', '> one', '\\> one'],
    ['what is harmless inside a line', 'a-b (c) > d = {e}!', 'a-b (c) > d = {e}!'],
    ['a formula', '$\\boxed{x}$', '\\$\\\\boxed{x}\\$'],
    ['what makes text run backwards', 'main\u202egpj.exe\u2066', 'maingpj.exe'],
    ['what has no width', 'pro\u200bmote', 'promote'],
    ['colours of a terminal', '\u001b[31mred\u001b[0m \u001b]8;;https://evil.test\u0007link', 'red link'],
    ['a bell and a zero byte', 'a\u0007\u0000b', 'ab'],
  ])('%s', (_, text, escaped) => expect(escapeMarkdown(text)).toBe(escaped))

  it.each([
    ['plain', 'v42', '`v42`'],
    ['nothing', '', ''],
    ['a backtick that would end it', 'a`b', '``a`b``'],
    ['backticks at its ends', '`x`', '`` `x` ``'],
    ['a cell', 'a|b', '`a\\|b`'],
    ['lines', 'a\nb', '`a b`'],
  ])('as inline code: %s', (_, text, span) => expect(codeSpan(text)).toBe(span))

  it.each([
    ['what to type is code', 'Type `/approve` as @ada.', `Type \`/approve\` as @${thin}ada.`],
    ['a stranger inside it stays inside', 'Run `a|<b>`!', 'Run `a\\|<b>`!'],
    ['an odd backtick is text', 'a ` b <i>', 'a \\` b &lt;i>'],
  ])('as a sentence: %s', (_, text, prose) => expect(proseAsMarkdown(text)).toBe(prose))

  it('as a block of code that it cannot leave', () => {
    expect(codeBlock('one\n```\n<b>two</b>\u001b[0m')).toBe('````text\none\n```\n<b>two</b>\n````')
    expect(codeBlock('+ new', 'diff')).toBe('```diff\n+ new\n```')
  })

  it('keeps line breaks of any system and tabs, and nothing else that does not print', () => {
    expect(printable('a\r\nb\rc\td\u009be\ufeff')).toBe('a\nb\nc\tde')
  })
})

describe('text of strangers in a log', () => {
  it.each([
    ['plain', 'GET /healthz answered 500', 'GET /healthz answered 500'],
    ['a command', '::set-output name=decision::done', `:${thin}:set-output name=decision::done`],
    ['a command after white space', '  \t::add-mask::e', `  \t:${thin}:add-mask::e`],
    ['a command of the old form', 'x ##[error]y', `x ##${thin}[error]y`],
    ['a command behind a colour', '\u001b[0m::error::x', `:${thin}:error::x`],
    ['a command on a second line', 'a\n::error::x', 'a ::error::x'],
    ['IPv6', '[::1]:80', '[::1]:80'],
  ])('%s', (_, text, line) => expect(logLine(text)).toBe(line))
})

describe('addresses', () => {
  it.each([
    ['https://x.y/a_b*c(d)|e#12', 'https://x.y/a_b%2Ac%28d%29%7Ce#12'],
    ['http://[::1]:3000/a]b[c', 'http://[::1]:3000/a%5Db%5Bc'],
    ['https://x.y/<script>`"', 'https://x.y/%3Cscript%3E%60%22'],
    [' HTTPS://X.Y ', 'https://x.y/'],
  ])('%s stays one wherever it stands', (url, safe) => {
    expect(safeUrl(url)).toBe(safe)
    expect(link('a](b)', url)).toBe(`[a\\](b)](${safe})`)
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'https://u:p@x.y/', '//x.y', 'x.y', ''])(
    '%s is none that anybody should follow',
    url => {
      expect(safeUrl(url)).toBeUndefined()
      expect(link('words', url)).toBe('words')
    },
  )
})
