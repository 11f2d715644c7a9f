import { createGithubApp, type GithubApp } from '../../src/adapters/github/github-app.ts'
import type { GithubClient } from '../../src/adapters/github/github-client.ts'
import { appPermissions } from '../../src/domain/app-needs.ts'
import { durationMs, epochMs } from '../../src/domain/units.ts'
import type { CallBudget, CallKind, LimitNotice } from '../../src/ports/call-budget.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Permissions } from '../../src/sandbox/world/permission.ts'
import { type InstalledApp, installTestApp } from './github-app.ts'
import type { RehearsedGithub } from './rehearsed-github.ts'

/** Everything that Ringway's App is granted. */
export const grantedPermissions: Permissions = Object.fromEntries(
  Object.entries(appPermissions).map(([key, { level }]) => [key, level]),
)

/** A budget that lets everything through and keeps what it was told. */
export interface ToldBudget extends CallBudget {
  readonly taken: { readonly tenant: number; readonly kind: CallKind }[]
  readonly refusals: LimitNotice[]
  /** Milliseconds that the next calls are told to wait. */
  readonly waits: number[]
}

export function createToldBudget(): ToldBudget {
  const [taken, refusals, waits]: [ToldBudget['taken'], LimitNotice[], number[]] = [[], [], []]
  return {
    taken,
    refusals,
    waits,
    async take(tenant, kind) {
      const wait = waits.shift() ?? 0
      if (wait === 0) taken.push({ tenant, kind })
      return wait
    },
    async refused(_tenant, notice) {
      refusals.push(notice)
      return notice.retryAfterMs ?? 60_000
    },
  }
}

/** A clock that moves only by sleeping, and by hand. */
export interface HandClock extends Clock {
  readonly slept: number[]
  /** Milliseconds. */
  pass(milliseconds: number): void
}

export function createHandClock(): HandClock {
  const slept: number[] = []
  let passed = 0
  return {
    slept,
    now: () => epochMs(Date.now() + passed),
    async sleep(duration) {
      slept.push(duration)
      passed += duration
    },
    pass(milliseconds) {
      passed += milliseconds
    },
  }
}

/** Ringway's App, installed on the organisation of the rehearsed GitHub. */
export interface AppOnGithub extends InstalledApp {
  readonly github: GithubApp
  readonly budget: ToldBudget
  readonly clock: HandClock
  /** For the repository of the rehearsed GitHub. */
  readonly client: GithubClient
}

export async function openAppOnGithub(
  rehearsed: RehearsedGithub,
  request: { slug?: string; events?: readonly string[]; url?: string } = {},
): Promise<AppOnGithub> {
  const { slug = 'ringway', ...rest } = request
  const installed = await installTestApp(rehearsed, { slug, permissions: grantedPermissions, ...rest })
  const { budget, clock } = { budget: createToldBudget(), clock: createHandClock() }
  const github = createGithubApp({
    appId: installed.app.id,
    privateKey: installed.privateKey,
    apiUrl: rehearsed.sandbox.apiUrl,
    clock,
    budget,
    patience: durationMs(15_000),
  })
  const place = { tenant: installed.installation.id, repository: rehearsed.repository.id }
  return { ...installed, github, budget, clock, client: await github.clientFor(place) }
}
