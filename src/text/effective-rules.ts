import { grantName } from '../domain/policy/grant.ts'
import { ringGrants } from '../domain/policy/ring-grants.ts'
import { type RingAction, ringActions } from '../domain/policy/ring-policy.ts'
import type { Ring, RingGates } from '../domain/ring.ts'
import { ringsInOrder } from '../domain/ring-order.ts'
import type { RingFile } from '../domain/solution.ts'
import { sayDuration } from './duration.ts'
import { codeSpan, escapeMarkdown } from './escape-markdown.ts'
import { sayInstant } from './instant.ts'
import { markdownTable } from './table.ts'

/** The rules that are in force, as the ring file of the default branch and its defaults make them: how versions get in, and who may do what. */
export function effectiveRules(ringFile: RingFile): string {
  const rings = ringFile.solutions.flatMap(solution =>
    ringsInOrder(solution).map(ring => ({ solution, ring, name: `${solution.name}/${ring.name}` })),
  )
  const ways = rings.map(({ ring, name }) =>
    [name, ring.environment, enters(ring), approvals(ring.gates), conditions(ring.gates), opens(ring.gates)].map(
      escapeMarkdown,
    ),
  )
  const people = rings.map(({ solution, ring, name }) => {
    const { who } = ringGrants(solution, ring, ringFile.allowedBots)
    return [name, ...shownActions.map(action => who[action].map(grantName).join(', ') || 'nobody')].map(escapeMarkdown)
  })
  return [
    markdownTable(['Ring', 'Environment', 'Versions enter', 'Approvals', 'Conditions', 'Open'], ways),
    `<details><summary>Who may do what</summary>\n\n${markdownTable(['Ring', ...shownActions], people)}\n\n</details>`,
    settings(ringFile),
  ].join('\n\n')
}

const shownActions: readonly RingAction[] = ringActions.filter(action => action !== 'view')

function enters({ after, deployOn, promote, accepts }: Ring): string {
  const from = after === undefined ? 'first ring' : `after ${after}`
  const how = deployOn === 'push' ? 'by a push' : promote === 'auto' ? 'by themselves' : 'by /promote'
  return `${from}, ${how}${accepts === 'drafts' ? ', drafts too' : ''}`
}

function approvals({ approvals: rule }: RingGates): string {
  if (rule === undefined) return 'none'
  const from = rule.from.length === 0 ? '' : ` of ${rule.from.join(', ')}`
  const not = [rule.self ? [] : ['the requester'], rule.authors ? [] : ['the authors']].flat()
  return `${rule.count}${from}${not.length === 0 ? '' : `, not ${not.join(' or ')}`}; holds ${sayDuration(rule.expiry)}`
}

function conditions(gates: RingGates): string {
  const { soak, checks, pullRequest, compatibility, rollbackReady, budget } = gates
  const named =
    typeof checks === 'string' ? (checks === 'none' ? [] : [`${checks} checks`]) : [`checks ${checks.join(', ')}`]
  const conditions = [
    soak === 0 ? [] : [`soak ${sayDuration(soak)}`],
    named,
    pullRequest.review === 'required' ? ['review'] : [],
    pullRequest.upToDate === 'required' ? ['up to date'] : [],
    pullRequest.verifiedCommits === 'required' ? ['verified commits'] : [],
    pullRequest.labels.require.map(label => `label ${label}`),
    pullRequest.labels.forbid.map(label => `no label ${label}`),
    compatibility === 'block' ? ['breaks no caller'] : [],
    rollbackReady === 'required' ? ['rollback ready'] : [],
    budget === 'required' ? ['budget'] : [],
  ].flat()
  return conditions.join('; ') || 'none'
}

function opens({ windows: { allow, freeze } }: RingGates): string {
  const open = allow.map(({ text }) => text).join('; ') || 'at any time'
  const frozen = freeze.map(
    ({ from, to, reason, except }) =>
      `frozen ${sayInstant(from)} to ${sayInstant(to)} (${reason}${except === undefined ? '' : ', hotfixes pass'})`,
  )
  return [open, ...frozen].join('; ')
}

function settings({ commands, workflow, slots, allowedBots }: RingFile): string {
  const bots =
    allowedBots.length === 0 ? 'Bots are not heard.' : `Of bots, these Apps are heard: ${allowedBots.join(', ')}.`
  return `A command may be ${sayDuration(commands.ttl)} old when it arrives. ${bots} Runs are those of ${codeSpan(workflow)}, ${slots} at once.`
}
