import { inputDefinitions } from '../../action/inputs.ts'
import { outputDefinitions } from '../../action/outputs.ts'
import { type DeploymentState, deploymentStates } from '../../src/domain/deployment.ts'
import { reasonCodes } from '../../src/domain/reason-code.ts'
import { githubStatusFor } from '../../src/domain/status-description.ts'
import { markdownTable } from './markdown-table.ts'

/** What of `docs/action.md` comes from the source. */
export function actionBlocks(): Readonly<Record<string, string>> {
  return {
    inputs: markdownTable(
      ['input', 'meaning', 'default'],
      Object.entries(inputDefinitions).map(([name, { description, default: usual }]) => [
        code(name),
        prose(description),
        usual === '' ? '–' : code(usual),
      ]),
    ),
    outputs: markdownTable(
      ['output', 'meaning'],
      Object.entries(outputDefinitions).map(([name, description]) => [code(name), prose(description)]),
    ),
    'reason-codes': markdownTable(
      ['reason code', 'meaning'],
      Object.entries(reasonCodes).map(([name, meaning]) => [code(name), meaning]),
    ),
    states: markdownTable(
      ['state', 'meaning', 'GitHub deployment status'],
      deploymentStates.map(state => [code(state), stateMeanings[state], githubStates(state)]),
    ),
  }
}

const stateMeanings: Readonly<Record<DeploymentState, string>> = {
  queued: 'Accepted, and waiting for its run.',
  building: 'The gates are asked; the artifact is fetched by its digest and verified.',
  deploying: "The target's command places the version.",
  validating: 'The checks run.',
  active: 'Live: the ring points to it.',
  failed: 'It could not be carried out. The ring points to what it pointed to before.',
  rolling_back: 'What ran before is being put back.',
  rolled_back: 'What ran before is back.',
  superseded: 'A newer deployment became active.',
}

function githubStates(state: DeploymentState): string {
  const both = new Set([githubStatusFor(state, 'failed'), githubStatusFor(state, 'errored')])
  const [no, unknown] = [...both].map(code)
  return unknown === undefined ? `${no}` : `${no}, or ${unknown} when the answer could not be had`
}

function code(text: string): string {
  return `\`${text}\``
}

/** The texts of `action.yml` are plain; angle brackets would be taken for tags. */
function prose(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
