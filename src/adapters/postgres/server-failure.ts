import { open } from 'node:fs/promises'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { ServerDirectory } from './server-directory.ts'

/** What PostgreSQL says, and what a person does about it. The program speaks English, because it runs with `LC_ALL=C`. */
const causes = [
  {
    says: /database files are incompatible|was initialized by PostgreSQL version/,
    code: 'database_incompatible',
    message: 'was made by another major version of PostgreSQL',
    remedy:
      'Dump it with the version that made it and restore it into an empty RINGWAY_DATA, or set DATABASE_URL to a server of that version.',
  },
  {
    says: /No space left on device|Disk quota exceeded/,
    code: 'database_unreachable',
    message: 'is on a disk that is full',
    remedy: 'Free some space and start the App again; nothing that was acknowledged is lost.',
  },
  {
    says: /Permission denied|Read-only file system|Operation not permitted|has wrong ownership|EACCES/,
    code: 'database_unreachable',
    message: 'cannot be written by the server',
    remedy:
      'Give the directory, and the way to it, to the user whom the server runs as, or set RINGWAY_DATA to another one.',
  },
] as const

/** Why the server of a directory does not run, with the last lines that it wrote. */
export async function serverFailure(directory: ServerDirectory, output: string): Promise<RingwayError> {
  const log = await lastLines(directory.log)
  const said = [output, log].filter(text => text !== '').join('\n')
  const cause = causes.find(({ says }) => says.test(said))
  return new RingwayError({
    code: cause?.code ?? 'database_unreachable',
    message: `The database in ${directory.root} ${cause?.message ?? 'does not start'}: ${said}`,
    remedy: cause?.remedy ?? `Read ${directory.log}, remove what it names, and start the App again.`,
    facts: { directory: directory.root },
    kind: 'errored',
  })
}

async function lastLines(path: string): Promise<string> {
  const handle = await open(path, 'r').catch(() => undefined)
  if (handle === undefined) return ''
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(2000)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, Math.max(0, size - buffer.length))
    return buffer.toString('utf8', 0, bytesRead).split('\n').slice(-8).join('\n').trim()
  } finally {
    await handle.close()
  }
}
