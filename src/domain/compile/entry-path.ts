const options = /^-/
const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/
const script = /\.(?:[cm]?[jt]sx?|py|rb|sh|bash|php|pl|lua|jar|wasm|exe|dll)$/

/**
 * The file of the solution that a command line starts: its first word that looks like one. Undefined where none does (`npm start`) or where
 * nobody can say without a shell (`cd dist && …`, `$DIR/run.js`, a download).
 */
export function entryPath(commandLine: string, directories: ReadonlySet<string>): string | undefined {
  const words = commandLine
    .split(/\s+/)
    .map(word => word.replace(/^(["'])(.*)\1$/, '$2'))
    .filter(word => word !== '')
  if (words.some(word => word === 'cd' || word === 'pushd')) return undefined
  const [found] = words.filter(
    word => !options.test(word) && !assignment.test(word) && looksLikeFile(word, directories),
  )
  return found === undefined || /[$`*?{}()|;&<>]/.test(found) ? undefined : plainPath(found)
}

function looksLikeFile(word: string, directories: ReadonlySet<string>): boolean {
  if (word.startsWith('/') || word.includes('://')) return false
  if (/^\.\.?\//.test(word) || script.test(word)) return true
  return word.includes('/') && directories.has(word.slice(0, word.indexOf('/')))
}

function plainPath(word: string): string {
  const steps: string[] = []
  for (const step of word.split('/').filter(each => each !== '' && each !== '.')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else steps.push(step)
  }
  return steps.join('/')
}
