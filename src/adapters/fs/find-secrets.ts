import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSecretFile, type SecretFinding, secretIn, secretPatterns } from '../../domain/secret-pattern.ts'
import type { Tree } from '../../ports/source-tree.ts'

/** Larger files are data: people paste secrets into small ones. */
const largestFile = 4 * 1024 * 1024
const readAtOnce = 16

/** Words in whose assignments a secret may stand, in the spellings that occur. */
const assignmentWords = [
  'secret',
  'token',
  'password',
  'passwd',
  'key',
  'SECRET',
  'TOKEN',
  'PASSWORD',
  'KEY',
  'Secret',
  'Token',
  'Password',
  'Key',
]
const literals = [...secretPatterns.map(({ literal }) => literal), ...assignmentWords].map(text => Buffer.from(text))

/** Looks for secrets in every text file; gives the place and the kind, never the value. */
export async function findSecrets(tree: Tree): Promise<readonly SecretFinding[]> {
  const findings: SecretFinding[] = tree.files
    .filter(file => isSecretFile(file.path))
    .map(file => ({ path: file.path, line: 1, kind: 'file that is named like one of secrets' }))
  const files = tree.files.filter(file => file.size <= largestFile && !isSecretFile(file.path))
  let next = 0
  const worker = async (): Promise<void> => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) {
      findings.push(...searchFile(file.path, await readFile(join(tree.directory, file.path))))
    }
  }
  await Promise.all(Array.from({ length: readAtOnce }, worker))
  return findings.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
}

function searchFile(path: string, bytes: Buffer): readonly SecretFinding[] {
  if (bytes.subarray(0, 8_192).includes(0)) return []
  // Searching bytes for a handful of literals is many times faster than any pattern, and nearly all files end here.
  if (!literals.some(literal => bytes.includes(literal))) return []
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((text, index) => {
      const kind = text.length > 10_000 ? undefined : secretIn(text)
      return kind === undefined ? [] : [{ path, line: index + 1, kind }]
    })
}
