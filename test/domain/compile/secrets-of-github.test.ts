import { expect, it } from 'vitest'
import { problemsOf } from './facts.ts'

it('[D2] what GitHub fills in by itself, in workflow files, is no reference to a secret of a component', () => {
  const workflow = 'env:\n  KEY: ${{ secrets.NPM_TOKEN }}\n  OTHER: "{{ secrets.OURS }}"\n'
  const components = 'triage: { kind: model }'
  expect(problemsOf({ components, files: { '.github/workflows/ci.yml': workflow } })).toEqual([
    'error sub/.github/workflows/ci.yml:3 undeclared_secret `{{secret.OURS}}` is used here, and triage does not declare it. Write `secrets: [OURS]` in the ring file.',
  ])
})
