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

/** Why the server of a directory does not run. `said`: what the program and the server wrote. */
export function serverFailure(directory: ServerDirectory, said: string): RingwayError {
  const cause = causes.find(({ says }) => says.test(said))
  return new RingwayError({
    code: cause?.code ?? 'database_unreachable',
    message: `The database in ${directory.root} ${cause?.message ?? 'does not start'}: ${said.trim().slice(-2000)}`,
    remedy: cause?.remedy ?? `Read ${directory.log}, remove what it names, and start the App again.`,
    facts: { directory: directory.root },
    kind: 'errored',
  })
}
