/** What a secret looks like. A file that holds one never becomes part of an artifact. */
export interface SecretPattern {
  readonly kind: string
  /** A text that stands in every match: whoever does not hold it is not looked at further. */
  readonly literal: string
  readonly pattern: RegExp
}

/** Token forms are those that their issuers document; each has a fixed prefix, so that ordinary text is not taken for one. */
export const secretPatterns: readonly SecretPattern[] = [
  { kind: 'GitHub token', literal: 'ghp_', pattern: /\bghp_[A-Za-z0-9]{36}\b/ },
  { kind: 'GitHub OAuth token', literal: 'gho_', pattern: /\bgho_[A-Za-z0-9]{36}\b/ },
  { kind: 'GitHub user token', literal: 'ghu_', pattern: /\bghu_[A-Za-z0-9]{36}\b/ },
  { kind: 'GitHub installation token', literal: 'ghs_', pattern: /\bghs_[A-Za-z0-9._]{36,}/ },
  { kind: 'GitHub fine-grained token', literal: 'github_pat_', pattern: /\bgithub_pat_[A-Za-z0-9_]{60,}\b/ },
  { kind: 'private key', literal: '-----BEGIN', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { kind: 'AWS access key', literal: 'AKIA', pattern: /\bAKIA[0-9A-Z]{16}\b/ },
  { kind: 'AWS temporary key', literal: 'ASIA', pattern: /\bASIA[0-9A-Z]{16}\b/ },
  { kind: 'Slack token', literal: 'xox', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{20,}/ },
  { kind: 'Stripe live key', literal: 'k_live_', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}\b/ },
  { kind: 'npm token', literal: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { kind: 'Google API key', literal: 'AIza', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  {
    kind: 'OpenAI key',
    literal: 'sk-',
    pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}/,
  },
  { kind: 'Anthropic key', literal: 'sk-ant-', pattern: /\bsk-ant-[A-Za-z0-9_-]{40,}/ },
  { kind: 'GitLab token', literal: 'glpat-', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
]

/** A line that says this is looked at by people and no secret. */
export const allowSecretMarker = 'ringway:allow-secret'

/** A secret that was found: where, never what. */
export interface SecretFinding {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly kind: string
}

/** Files that hold secrets by their name. */
export function isSecretFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/^\.env(?:\.|$)/.test(name)) return !/\.(?:example|sample|template|dist)$/.test(name)
  return (
    /^(?:id_rsa|id_ecdsa|id_ed25519|\.npmrc|\.netrc|\.pgpass)$/.test(name) ||
    /\.(?:pem|p12|pfx|keystore|jks)$/.test(name)
  )
}

/** The kind of secret in one line of text. */
export function secretIn(line: string): string | undefined {
  if (line.includes(allowSecretMarker)) return undefined
  const found = secretPatterns.find(({ literal, pattern }) => line.includes(literal) && pattern.test(line))
  return found?.kind ?? (isSecretAssignment(line) ? 'value of a variable that is named like a secret' : undefined)
}

/** `API_KEY = "…"` with a value that is as random as a key: long, mixed, and with the entropy of one. */
function isSecretAssignment(line: string): boolean {
  const value =
    /(?:secret|token|password|passwd|api[_-]?key|access[_-]?key|private[_-]?key)["']?\s*[:=]\s*["']([^"'\s]{24,200})["']/i.exec(
      line,
    )?.[1]
  if (value === undefined || /^[a-z0-9]+(?:[._/-][a-z0-9]+)+$/i.test(value)) return false
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value)
  return mixed && entropy(value) > 4
}

/** Bits per character. Source: C. E. Shannon, "A Mathematical Theory of Communication" (1948), section 6. */
function entropy(text: string): number {
  const counts = Map.groupBy(text, character => character)
  let bits = 0
  for (const { length } of counts.values()) bits -= (length / text.length) * Math.log2(length / text.length)
  return bits
}
