import { verbTable } from '../domain/command/verbs.ts'
import type { ApprovalRule, Check, Ring, RingGates, Target, Windows } from '../domain/ring.ts'
import type { RingFile, Solution } from '../domain/solution.ts'
import { type DurationMs, durationMs } from '../domain/units.ts'
import { usualEnvironment } from './checks/environment-findings.ts'
import type { RingFileText } from './grammar/ring-file-schema.ts'
import { beginningOf, endOf } from './notation/wall-time.ts'

type SolutionText = RingFileText['solutions'][string]
type RingText = SolutionText['rings'][string]

const httpPatience = durationMs(60_000)
const runPatience = durationMs(600_000)

/** A ring file without problems, as the domain knows it. */
export function ringFileValues(file: RingFileText): RingFile {
  const solutions = Object.entries(file.solutions)
  return {
    config: file.config,
    workflow: file.workflow,
    slots: file.slots,
    commands: {
      words: verbTable(file.commands),
      ttl: file.commands.ttl,
    },
    allowedBots: file['allow-bots'],
    messages: file.messages,
    solutions: solutions.map(([name, solution]) => solutionValues(solution, { name, solutions: solutions.length })),
  }
}

function solutionValues(
  solution: SolutionText,
  place: { readonly name: string; readonly solutions: number },
): Solution {
  const { path, include, exclude, build, components, config, rings } = solution
  return {
    name: place.name,
    path,
    include,
    exclude,
    build,
    components: Object.entries(components).map(([name, component]) => ({
      name,
      kind: component.kind,
      files: component.files,
      start: component.start,
      exec: component.exec,
      path: component.path,
      input: component.input,
      output: component.output,
      uses: component.uses,
      tools: component.tools,
      connectors: component.connectors,
      secrets: component.secrets,
      timeout: component.timeout,
      graph: component.graph,
    })),
    config,
    connectors: solution.connectors,
    requiredConfig: solution['required-config'],
    rings: Object.entries(rings).map(([name, ring]) => ({
      ...ringValues(name, ring),
      environment: ring.environment ?? usualEnvironment(place.solutions, { solution: place.name, ring: name }),
      deploy: targetOf(rings, name),
    })),
  }
}

function ringValues(name: string, ring: RingText): Omit<Ring, 'environment' | 'deploy'> {
  return {
    name,
    after: ring.after,
    deployOn: ring['deploy-on'],
    promote: ring.promote,
    accepts: ring.accepts,
    config: ring.config,
    checks: ring.checks.map(checkValues),
    gates: gatesValues(ring.gates),
    maxDuration: ring['max-duration'],
    promotionExpiry: ring['promotion-expiry'],
    coolDown: ring['cool-down'],
    alerts: ring.alerts,
    locks: ring.locks,
    labels: ring.labels,
    url: ring.url,
    who: ring.who,
  }
}

/** Its own, else that of the nearest ring before which has one. */
function targetOf(rings: SolutionText['rings'], name: string): Target {
  const ring = rings[name]
  const { run, activate, rollback } = ring?.deploy ?? {}
  if (run !== undefined) return { kind: 'command', run, activate, rollback }
  if (ring?.after === undefined) throw new TypeError(`The ring ${name} passed its checks without a target.`)
  return targetOf(rings, ring.after)
}

function checkValues(check: RingText['checks'][number]): Check {
  const within = (usual: DurationMs): DurationMs => check.within ?? usual
  if (check.http !== undefined)
    return { kind: 'http', url: check.http, expect: check.expect ?? 200, within: within(httpPatience) }
  if (check.run !== undefined)
    return { kind: 'run', run: check.run, within: within(runPatience), retries: check.retries ?? 0 }
  throw new TypeError('A check passed the grammar that does nothing.')
}

function gatesValues(gates: RingText['gates']): RingGates {
  const { approvals, soak, checks, windows } = gates
  return {
    approvals: approvals === undefined ? undefined : approvalValues(approvals),
    soak,
    checks,
    ignoredChecks: gates['ignore-checks'],
    windows: windowsValues(windows),
    pullRequest: {
      review: gates.review,
      upToDate: gates['up-to-date'],
      drafts: gates['draft-pull-requests'],
      verifiedCommits: gates['verified-commits'],
      labels: gates.labels,
    },
    compatibility: gates.compatibility,
    rollbackReady: gates['rollback-ready'],
    budget: gates.budget,
  }
}

function approvalValues(approvals: NonNullable<RingText['gates']['approvals']>): ApprovalRule {
  const { count, from, self, authors, expiry } = approvals
  return { count, from, self, authors, expiry, githubReviews: approvals['github-reviews'] }
}

function windowsValues(windows: RingText['gates']['windows']): Windows {
  const written = windows?.allow ?? []
  const allow = Array.isArray(written) ? written : [written]
  const usualZone = allow[0]?.timezone ?? 'UTC'
  return {
    allow,
    freeze: (windows?.freeze ?? []).map(({ from, to, reason, except, timezone = usualZone }) => ({
      from: beginningOf(from, timezone),
      to: endOf(to, timezone),
      reason,
      except,
    })),
  }
}
