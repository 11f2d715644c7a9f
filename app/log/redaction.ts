/** What stands in place of a secret. */
const mark = '[redacted]'

/**
 * Forms of secrets that reach a log without having been told to us: tokens of GitHub by their prefix, whatever follows it, private keys,
 * JSON Web Tokens. Broader than what compiling looks for: a word too many costs nothing here.
 */
const forms = [
  /\b(?:gh[pousr]_|github_pat_)[A-Za-z0-9._-]{10,}/,
  // Up to the end of the JSON string, also where the key was cut off.
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[^"\\]*(?:\\[nr][^"\\]*)*/,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/,
].map(form => form.source)

/** Characters. Less is a word that would be missed everywhere else. */
const leastSecret = 6

/**
 * Takes secrets out of lines of a log (JSON text).
 *
 * @param secrets - known values, whatever they look like; of those with several lines, each line counts too
 */
export function createRedaction(secrets: readonly string[]): (line: string) => string {
  const values = new Set(secrets.flatMap(spellings).filter(value => value.length >= leastSecret))
  // The longest first: one secret may hold another.
  const known = [...values].sort((one, other) => other.length - one.length).map(escaped)
  const pattern = new RegExp([...known, ...forms].join('|'), 'g')
  return line => line.replace(pattern, mark)
}

/** As it is, as JSON writes it, and its lines where it has several. */
function spellings(secret: string): string[] {
  const lines = secret.split('\n').filter(line => line.length >= 32 && !line.startsWith('-----'))
  return [secret.trim(), JSON.stringify(secret.trim()).slice(1, -1), ...lines]
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
