import { deliveryFinding, grantFindings, type RingProtection, ringFindings } from '../../domain/app-findings.ts'
import { type Finding, ok } from '../../domain/finding.ts'
import type { Ring } from '../../domain/ring.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { epochMs } from '../../domain/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EnvironmentInventory } from '../../ports/environment-inventory.ts'
import type { HookDeliveries } from '../../ports/hook-deliveries.ts'
import type { Installation, Installations } from '../../ports/installations.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { readPolicy } from '../control/read-policy.ts'

/** What examining a repository asks of the outside. */
export interface ExaminationPorts {
  readonly control: ControlPorts
  readonly installations: Pick<Installations, 'read'>
  readonly deliveries: Pick<HookDeliveries, 'since'>
  readonly clock: Pick<Clock, 'now'>
  /** Where people see GitHub, without a slash at its end. */
  readonly serverUrl: string
}

/** What the App lacks to serve a repository, each with its fix. What cannot be asked now is `unknown`, and the rest is said all the same. */
export async function examineRepository(ports: ExaminationPorts, key: RepositoryKey): Promise<readonly Finding[]> {
  const parts = await Promise.all([
    looking('App', () => lookAtInstallation(ports, key)),
    looking('rings', () => lookAtRings(ports.control, key)),
    looking('artifact store of the App', async () => [await lookAtStore(await ports.control.github(key))]),
    looking('webhooks', async () => [await lookAtDeliveries(ports, key)]),
  ])
  return parts.flat()
}

async function looking(what: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    const verdict = error.kind === 'errored' ? 'unknown' : 'problem'
    return [{ what, verdict, words: error.message, fix: error.remedy }]
  }
}

async function lookAtInstallation(ports: ExaminationPorts, { tenant }: RepositoryKey): Promise<readonly Finding[]> {
  const installation = await ports.installations.read(tenant)
  if (installation === undefined) {
    return [{ what: 'App', verdict: 'problem', words: 'is not installed any more', fix: 'Install it again.' }]
  }
  return grantFindings({ ...installation, settings: settingsOf(installation, ports.serverUrl) })
}

function settingsOf({ id, account }: Installation, serverUrl: string): string {
  const owner = account.kind === 'organisation' ? `/organizations/${account.login}` : ''
  return `${serverUrl}${owner}/settings/installations/${id}`
}

async function lookAtRings(control: ControlPorts, key: RepositoryKey): Promise<readonly Finding[]> {
  const { github, ringFile } = await readPolicy(control, key)
  const rings = ringFile.solutions.flatMap(solution => solution.rings)
  return (await Promise.all(rings.map(ring => lookAtRing(github.inventory, ring)))).flat()
}

async function lookAtRing(inventory: EnvironmentInventory, ring: Ring): Promise<readonly Finding[]> {
  const found = await inventory.protection(ring.environment)
  if (found === undefined) return ringFindings(ring, undefined)
  const enabled = found.customRules.filter(rule => rule.isEnabled)
  const protection: RingProtection = {
    rules: enabled.map(rule => rule.app),
    isOurs: enabled.some(rule => rule.isOurs),
    hasReviewers: found.reviewers !== undefined,
    preventsSelfReview: found.reviewers?.preventSelfReview === true,
    branches: found.branches,
    canAdminsBypass: found.canAdminsBypass,
  }
  return ringFindings(ring, protection)
}

async function lookAtStore({ artifacts }: RepositoryOnGithub): Promise<Finding> {
  const what = 'artifact store of the App'
  if (artifacts === undefined) {
    const words =
      'the App was told of none: it cannot show what a version holds, nor see that a rollback could be carried out'
    const fix = 'Set RINGWAY_STORE, RINGWAY_STORE_USERNAME and RINGWAY_STORE_PASSWORD of the App (docs/app.md).'
    return { what, verdict: 'advice', words, fix }
  }
  // Whether there is such a version does not matter, but that the store says so.
  await artifacts.read('ringway-doctor')
  return ok(what, `${artifacts.location} answers`)
}

/** Milliseconds. */
const recently = 86_400_000
/** More of them are not looked at. */
const mostDeliveries = 500

async function lookAtDeliveries(ports: ExaminationPorts, { tenant }: RepositoryKey): Promise<Finding> {
  const came = new Map<string, boolean>()
  let seen = 0
  for await (const delivery of ports.deliveries.since(epochMs(ports.clock.now() - recently))) {
    seen += 1
    if (seen > mostDeliveries) break
    if (delivery.tenant !== tenant) continue
    came.set(delivery.guid, delivery.succeeded || came.get(delivery.guid) === true)
  }
  const failed = [...came.values()].filter(hasCome => !hasCome).length
  return deliveryFinding({ all: came.size, failed, within: 'the last 24 hours' })
}
