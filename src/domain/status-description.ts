import { type DeploymentReport, type DeploymentState, deploymentStates } from './deployment.ts'
import { isReasonCode } from './reason-code.ts'

/** GitHub refuses a longer description of a deployment status. */
const longest = 140

/** A state of a GitHub Deployment status. */
export type GithubDeploymentState = 'queued' | 'pending' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'

const shownAs: Record<DeploymentState, GithubDeploymentState> = {
  queued: 'queued',
  building: 'pending',
  deploying: 'in_progress',
  validating: 'in_progress',
  active: 'success',
  failed: 'failure',
  rolling_back: 'in_progress',
  rolled_back: 'failure',
  superseded: 'inactive',
}

/**
 * The GitHub state that shows a state of ours.
 *
 * @param kind - of a `failed` one: whether the answer was no (`failure`) or could not be had (`error`)
 */
export function githubStatusFor(state: DeploymentState, kind: 'failed' | 'errored'): GithubDeploymentState {
  return state === 'failed' && kind === 'errored' ? 'error' : shownAs[state]
}

/**
 * The description of a deployment status: `<state>: v42 · words`, with the reason code as the first of the words where there is one. At
 * most 140 characters; words that do not fit end with `…`.
 */
export function describeStatus(report: DeploymentReport): string {
  const head = `${report.state}: ${report.artifact}`
  const reason = report.reason === undefined ? '' : `${report.reason}: `
  const words = `${reason}${report.words.replace(/\s+/g, ' ').trim()}`.trim()
  return words === '' ? head : shorten(`${head} · ${words}`)
}

/** Reads a description that {@link describeStatus} wrote; undefined when somebody else did. */
export function parseStatusDescription(text: string): DeploymentReport | undefined {
  const match = /^([a-z_]+): (v[1-9][0-9]{0,8}|draft [0-9a-f]{12})(?: · (.*))?$/s.exec(text)
  const state = deploymentStates.find(known => known === match?.[1])
  const artifact = match?.[2]
  if (state === undefined || artifact === undefined) return undefined
  const words = match?.[3] ?? ''
  const code = /^([a-z_]+):(?: |$|…)/.exec(words)?.[1]
  if (code === undefined || !isReasonCode(code)) return { state, artifact, words }
  return { state, artifact, reason: code, words: words.slice(code.length + 1).trimStart() }
}

function shorten(text: string): string {
  const characters = Array.from(text)
  if (characters.length <= longest) return text
  const cut = characters.slice(0, longest - 1).join('')
  const space = cut.lastIndexOf(' ')
  // A boundary is worth some characters, not half of the text.
  return `${space > longest - 30 ? cut.slice(0, space) : cut}…`
}
