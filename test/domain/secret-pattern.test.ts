import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { secretBeginnings, secretFileKind, secretHint, secretIn } from '../../src/domain/secret-pattern.ts'

// Joined here, so that no scanner takes this file for what it tests.
const alnum = 'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6hJ9k'
const secrets = [
  { kind: 'GitHub token', text: `token is ${'ghp'}_${alnum.slice(0, 36)}` },
  { kind: 'GitHub token', text: `${'gho'}_${alnum.slice(0, 36)}` },
  { kind: 'GitHub token', text: `"${'ghu'}_${alnum.slice(0, 36)}"` },
  { kind: 'GitHub installation token', text: `${'ghs'}_${alnum.slice(0, 36)}` },
  { kind: 'GitHub fine-grained token', text: `${'github'}_pat_${alnum}${alnum}` },
  { kind: 'private key', text: `-----BEGIN ${'RSA PRIVATE'} KEY-----` },
  { kind: 'private key', text: `-----BEGIN ${'PRIVATE'} KEY-----\\nMIIE` },
  { kind: 'private key', text: `-----BEGIN PGP ${'PRIVATE'} KEY BLOCK-----` },
  { kind: 'AWS access key', text: `id = ${'AKIA'}Q3ZT7R2M5K8X1W4V` },
  { kind: 'AWS secret key', text: `aws_secret_access_key = ${alnum}` },
  { kind: 'Slack token', text: `${'xoxb'}-123456789012-1234567890123-abc` },
  { kind: 'Stripe live key', text: `${'sk_live'}_${alnum.slice(0, 24)}` },
  { kind: 'npm token', text: `${'npm'}_${alnum.slice(0, 36)}` },
  { kind: 'npm registry password', text: `//registry.example.com/:_authToken=${alnum.slice(0, 20)}` },
  { kind: 'Google API key', text: `key=${'AIza'}${alnum.slice(0, 35)}` },
  { kind: 'JSON Web Token', text: `${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}yb2xlIjoic2VydmljZSJ9.${alnum}` },
  { kind: 'OpenAI key', text: `${'sk-'}${alnum.slice(0, 20)}${'T3Blbk'}FJ${alnum.slice(0, 20)}` },
  { kind: 'Anthropic key', text: `${'sk-ant'}-api03-${alnum}${alnum}` },
  { kind: 'GitLab token', text: `${'glpat'}-${alnum.slice(0, 20)}` },
  { kind: 'value of a variable that is named like a secret', text: `const apiKey = '${alnum.slice(0, 32)}'` },
  { kind: 'value of a variable that is named like a secret', text: `{"client_secret": "${alnum.slice(0, 32)}"}` },
  { kind: 'value of a variable that is named like a secret', text: `export DB_PASSWORD=${alnum.slice(0, 24)}` },
  { kind: 'value of a variable that is named like a secret', text: "secret: '0f8e2c61d9a7b3546170cafe98b2d3e4'" },
]

const innocent = [
  'const token = process.env.GITHUB_TOKEN',
  'token: ${{ secrets.GITHUB_TOKEN }}',
  'password = "correct horse battery staple"',
  "passwordField: 'components/password-field/index'",
  'API_KEY=',
  'API_KEY=${OPENAI_API_KEY}',
  'SECRET_NAME=projects/shop/secrets/stripe',
  "secretName = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
  'uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8',
  '"integrity": "sha512-0f8e2c61d9a7b3546170cafe98b2d3e4aB3dE6gH9jK2mN5pQ8sT=="',
  'ghp_ is how a token begins, and npm_config_cache is none',
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----',
  // The one of every manual.
  `aws_access_key_id = ${'AKIA'}IOSFODNN7EXAMPLE`,
  `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'EXAMPLE'}KEY`,
  'npm run task-sk-ant-colony',
]

describe('a text that holds a secret', () => {
  it.each(secrets)('is known as $kind', ({ kind, text }) => {
    expect(secretIn(text)).toBe(kind)
  })

  it.each(secrets)('is noticed by the quick look too: $kind', ({ text }) => {
    const places = Array.from(text, (_, at) => at).filter(at => secretBeginnings.includes(text.slice(at, at + 4)))
    expect(places.some(at => isHinted(text, at))).toBe(true)
  })

  it.each(innocent)('is not: %s', text => {
    expect(secretIn(text)).toBeUndefined()
  })

  it('never blocks, whatever the text', () => {
    const piece = fc.constantFrom(
      'secret',
      'token',
      '"',
      "'",
      ':',
      '=',
      ' ',
      '-',
      '_',
      'eyJ',
      '.',
      'aws_',
      'key',
      'A1b2',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 400 }), pieces => {
        const text = pieces.join('')
        const started = performance.now()
        secretIn(text)
        for (let at = 0; at < text.length; at += 1) isHinted(text, at)
        expect(performance.now() - started).toBeLessThan(1_000)
      }),
    )
  })
})

describe('a file that is named like one of secrets', () => {
  it.each([
    { path: '.env', kind: 'file of environment variables' },
    { path: 'api/.env.production', kind: 'file of environment variables' },
    { path: '.env.example', kind: undefined },
    { path: 'environment.ts', kind: undefined },
    { path: 'keys/id_ed25519', kind: 'SSH key file' },
    { path: 'keys/id_ed25519.pub', kind: undefined },
    { path: 'home/.netrc', kind: 'file of passwords' },
    { path: 'app.keystore', kind: 'key store' },
    { path: 'ca.pem', kind: undefined },
    { path: '.npmrc', kind: undefined },
  ])('$path -> $kind', ({ path, kind }) => {
    expect(secretFileKind(path)).toBe(kind)
  })
})

function isHinted(text: string, at: number): boolean {
  secretHint.lastIndex = at
  return secretHint.test(text)
}
