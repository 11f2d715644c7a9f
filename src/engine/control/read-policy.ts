import type { ConfigLayer } from '../../domain/configuration.ts'
import type { Ring } from '../../domain/ring.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RingFile, Solution } from '../../domain/solution.ts'
import { readOrganisationLayer } from '../read-organisation.ts'
import { readRings } from '../read-rings.ts'
import type { ControlPorts, RememberedRepository, RepositoryOnGithub } from './control-ports.ts'

/** The rules of a repository as its default branch states them now, with the connection that they were read over. */
export interface RepositoryPolicy {
  readonly github: RepositoryOnGithub
  readonly ringFile: RingFile
}

/** A ring with the solution that it belongs to. */
export interface PolicyOfRing {
  readonly solution: Solution
  readonly ring: Ring
}

/**
 * Reads the ring file of the default branch: it is read for every decision, because no pull request may change its own judge.
 *
 * @throws {RingwayError} `ring_file_missing`, `ring_file_invalid`, `github_unreachable`
 */
export async function readPolicy(ports: ControlPorts, key: RepositoryKey): Promise<RepositoryPolicy> {
  return await policyOf(ports, await ports.github(key))
}

/** Milliseconds. By files that were read so long ago one decides as by those that are read now: reading all that a decision needs takes as long. */
const current = 2_000

/** Whether something may be let in, or turned away, by what was read of a repository. */
export function isCurrent({ age }: Pick<RememberedRepository, 'age'>): boolean {
  return age <= current
}

/**
 * The rules as they were read a moment ago, or as they are read now: many builds of one push report at once.
 *
 * @throws {RingwayError} as {@link readPolicy}
 */
export async function readCurrentPolicy(ports: ControlPorts, key: RepositoryKey): Promise<RepositoryPolicy> {
  const remembered = await ports.remembered(key)
  return await policyOf(ports, isCurrent(remembered) ? remembered.github : await ports.github(key))
}

/**
 * The rules as they were read in the last seconds: for showing, and for what follows from a decision that was made. Never for deciding.
 *
 * @throws {RingwayError} as {@link readPolicy}
 */
export async function rememberPolicy(ports: ControlPorts, key: RepositoryKey): Promise<RepositoryPolicy> {
  return await policyOf(ports, (await ports.remembered(key)).github)
}

/**
 * The rules as a connection reads them, or has read them.
 *
 * @throws {RingwayError} as {@link readPolicy}
 */
export async function policyOf(ports: ControlPorts, github: RepositoryOnGithub): Promise<RepositoryPolicy> {
  return { github, ringFile: await readRings({ ...ports, ...github, journal: silent }) }
}

/** Reads the organisation's configuration layer as it is now. */
export async function readOrganisation(ports: ControlPorts, github: RepositoryOnGithub): Promise<ConfigLayer> {
  return await readOrganisationLayer({ ...ports, ...github, journal: silent })
}

/** @throws {RingwayError} `unknown_solution`, `unknown_ring` when the ring file does not declare it any more */
export function ringOf(ringFile: RingFile, key: RingKey): PolicyOfRing {
  const solution = ringFile.solutions.find(({ name }) => name === key.solution)
  if (solution === undefined) {
    throw new RingwayError({
      code: 'unknown_solution',
      message: `The ring file of the default branch declares no solution ${key.solution}.`,
      remedy: `It declares ${ringFile.solutions.map(({ name }) => name).join(', ')}.`,
    })
  }
  const ring = solution.rings.find(({ name }) => name === key.ring)
  if (ring !== undefined) return { solution, ring }
  throw new RingwayError({
    code: 'unknown_ring',
    message: `The solution ${solution.name} has no ring ${key.ring} on the default branch.`,
    remedy: `It has ${solution.rings.map(({ name }) => name).join(', ')}.`,
  })
}

/** The problems of a ring file are in the error that is thrown; a run's journal there is none. */
const silent = { say: () => {}, problem: () => {} }
