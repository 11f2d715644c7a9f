/** What one kind of secret looks like. */
interface SecretPattern {
  readonly kind: string
  readonly pattern: RegExp
}

/** Token forms are those that their issuers document; each has a fixed prefix, so that ordinary text is not taken for one. */
const patterns: readonly SecretPattern[] = [
  { kind: 'GitHub token', pattern: /\bgh[pour]_[A-Za-z0-9]{36}\b/ },
  { kind: 'GitHub installation token', pattern: /\bghs_[A-Za-z0-9._]{36,}/ },
  { kind: 'GitHub fine-grained token', pattern: /\bgithub_pat_[A-Za-z0-9_]{60,}\b/ },
  { kind: 'private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { kind: 'AWS access key', pattern: /\bA[KS]IA(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b/ },
  {
    kind: 'AWS secret key',
    pattern:
      /aws_?secret_?(?:access_?)?key["']?\s{0,4}(?:=>|[:=])\s{0,4}["']?(?![A-Za-z0-9/+]*EXAMPLE)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/i,
  },
  { kind: 'Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{20,}/ },
  { kind: 'Stripe live key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/ },
  { kind: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { kind: 'npm registry password', pattern: /:_(?:authToken|auth|password)\s{0,4}=\s{0,4}["']?[A-Za-z0-9+/=_-]{16,}/ },
  { kind: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  {
    kind: 'JSON Web Token',
    pattern: /\be(?:yJ|yA|wo)[A-Za-z0-9_-]{10,}\.e(?:yJ|yA|wo)[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/,
  },
  { kind: 'OpenAI key', pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,200}T3BlbkFJ[A-Za-z0-9_-]{20,}/ },
  { kind: 'Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{40,}/ },
  { kind: 'GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
]

/**
 * The first four characters of every match of {@link secretHint}. They are ASCII, so that bytes can be searched for all of them at once
 * without being decoded; nearly all text ends there.
 */
export const secretBeginnings: readonly string[] = [
  'ghp_ gho_ ghu_ ghs_ ghr_ gith ---- AKIA ASIA xoxa xoxb xoxe xoxp xoxr xoxs k_li npm_ :_au :_pa AIza T3Bl sk-a glpa',
  // `{"`, `{ "` and a brace with a new line in base64, with the letters that may follow.
  'eyJ0 eyJh eyJj eyJr eyJ4 eyJ1 eyJw eyJi eyJl eyAi ewog',
  'secr Secr SECR toke Toke TOKE assw assW ASSW',
  'api_ api- apik apiK Api_ Api- ApiK API_ API- APIK acce Acce ACCE priv Priv PRIV',
].flatMap(line => line.split(' '))

/**
 * Where a secret may stand: whatever {@link secretIn} finds holds a match of this. It looks at one place only (it is sticky), and every
 * repetition is bounded: a hostile text must not be able to keep it busy.
 */
export const secretHint =
  /gh[pousr]_[A-Za-z0-9]{20}|github_pat_|-----BEGIN|A[KS]IA[0-9A-Z]{16}|xox[abeprs]-[A-Za-z0-9]|k_live_|npm_[A-Za-z0-9]{30}|:_(?:auth|passw)|AIza[A-Za-z0-9_-]{30}|e(?:yJ|yA|wo)[A-Za-z0-9_-]{8,700}\.e(?:yJ|yA|wo)|T3BlbkFJ|sk-ant-|glpat-|(?:[sS]ecret|SECRET|[tT]oken|TOKEN|ass[wW]|ASSW|(?:[aA]pi|API|[aA]ccess|ACCESS|[pP]rivate|PRIVATE)[_-]?[kK](?:ey|EY))[\w-]{0,20}["']?\s{0,4}(?:=>|[:=])\s{0,4}["']?[A-Za-z0-9+/=_.~!@#$%^&*-]{16}/y

/** A comment that says: people looked at this, and it is no secret. It stands in the same line or in the line before. */
export const allowSecretMarker = 'ringway:allow-secret'

/** A secret that was found: where, never what. */
export interface SecretFinding {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly kind: string
}

/** The kind of file that holds secrets and nothing else, by its name. */
export function secretFileKind(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/^\.env(?:\.|$)/.test(name)) {
    return /\.(?:example|sample|template|dist|defaults)$/.test(name) ? undefined : 'file of environment variables'
  }
  if (/^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(name)) return 'SSH key file'
  if (/^(?:\.netrc|\.pgpass)$/.test(name)) return 'file of passwords'
  return /\.(?:p12|pfx|keystore|jks)$/.test(name) ? 'key store' : undefined
}

/**
 * The kind of secret that a piece of text holds; undefined when it holds none.
 *
 * @param text - a line, or the part of a long one around a match of {@link secretHint}
 */
export function secretIn(text: string): string | undefined {
  const known = patterns.find(({ pattern }) => pattern.test(text))
  return known?.kind ?? (isSecretAssignment(text) ? 'value of a variable that is named like a secret' : undefined)
}

const secretName = '(?:secret|token|passw(?:or)?d|api[_-]?key|access[_-]?key|private[_-]?key)'
const quoted = new RegExp(
  `${secretName}[\\w-]{0,20}["']?\\s{0,4}(?:=>|[:=])\\s{0,4}["']([A-Za-z0-9+/=_.~!@#$%^&*-]{20,200})["']`,
  'i',
)
/** As in shell scripts and files of variables: an upper-case name at the beginning of a line, and nothing after the value. */
const unquoted =
  /^\s*(?:export\s+)?[A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|API_KEY|ACCESS_KEY|PRIVATE_KEY)[A-Z0-9_]*=([A-Za-z0-9+/=_-]{20,200})\s*$/

/** `API_KEY = "…"` with a value as random as a key: long, mixed, and with the entropy of one. */
function isSecretAssignment(text: string): boolean {
  const value = quoted.exec(text)?.[1] ?? unquoted.exec(text)?.[1]
  // Words joined by separators are names, paths and addresses.
  if (value === undefined || /^[a-z]+(?:[._/:-][a-z0-9]+)+$/i.test(value)) return false
  const isMixed = /[a-z]/i.test(value) && /[0-9]/.test(value)
  const isHex = /^[0-9a-f]+$/i.test(value)
  return isMixed && entropy(value) > (isHex ? 3 : 3.8)
}

/** Bits per character. Source: C. E. Shannon, "A Mathematical Theory of Communication" (1948), section 6. */
function entropy(text: string): number {
  const counts = Map.groupBy(text, character => character)
  let bits = 0
  for (const { length } of counts.values()) bits -= (length / text.length) * Math.log2(length / text.length)
  return bits
}
