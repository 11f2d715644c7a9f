import { entriesOf, entryOf, type TemplateNode, textOf, textsOf } from './template-node.ts'

const JOB_FEATURES: Readonly<Record<string, string>> = {
  strategy: 'a matrix or strategy',
  services: 'service containers',
  container: 'a job container',
  uses: 'a reusable workflow',
  snapshot: 'an image snapshot',
}

const STEP_FEATURES: Readonly<Record<string, string>> = {
  background: 'a background step',
  wait: 'a wait step',
  'wait-all': 'a wait step',
  cancel: 'a cancel step',
  parallel: 'parallel steps',
}

/**
 * What a valid workflow asks for that the sandbox has not. Nothing is left out silently: a rehearsal that skips a part
 * of the workflow would prove the wrong thing.
 */
export function unsupportedFeatures(root: TemplateNode): readonly string[] {
  const inserted = usesInsert(root) ? ['The sandbox does not support `${{ insert }}`.'] : []
  const jobs = [...entriesOf(entryOf(root, 'jobs'))].flatMap(([key, job]) => unsupportedInJob(key, job))
  return [...inserted, ...jobs]
}

function unsupportedInJob(key: string, job: TemplateNode): readonly string[] {
  const where = `Job \`${key}\``
  const features = Object.entries(JOB_FEATURES).flatMap(([name, words]) =>
    entryOf(job, name) === undefined
      ? []
      : [`${where} uses ${words} (\`${name}\`), which the sandbox does not support.`],
  )
  const steps = entryOf(job, 'steps')
  const items = steps?.kind === 'sequence' ? steps.items : []
  return [
    ...features,
    ...unsupportedRunner(where, entryOf(job, 'runs-on')),
    ...items.flatMap((step, index) => unsupportedInStep(`${where}, step ${index + 1}`, step)),
  ]
}

/** Words about labels that are no Ubuntu runner; expressions are looked at when the job starts. */
function unsupportedRunner(where: string, runsOn: TemplateNode | undefined): readonly string[] {
  if (runsOn?.kind === 'mapping') return [`${where} asks for a runner group, which the sandbox does not support.`]
  return textsOf(runsOn)
    .filter(label => !label.startsWith('ubuntu-'))
    .map(label => `${where} runs on \`${label}\`; the sandbox has only \`ubuntu-*\` runners.`)
}

function unsupportedInStep(where: string, step: TemplateNode): readonly string[] {
  const features = Object.entries(STEP_FEATURES).flatMap(([name, words]) =>
    entryOf(step, name) === undefined
      ? []
      : [`${where} is ${words} (\`${name}\`), which the sandbox does not support.`],
  )
  const isContainer = textOf(entryOf(step, 'uses'))?.startsWith('docker://') === true
  return isContainer ? [...features, `${where} runs a container image, which the sandbox does not support.`] : features
}

function usesInsert(node: TemplateNode): boolean {
  if (node.kind === 'sequence') return node.items.some(usesInsert)
  if (node.kind !== 'mapping') return false
  return [...node.entries].some(([key, value]) => key.includes('${{') || usesInsert(value))
}
