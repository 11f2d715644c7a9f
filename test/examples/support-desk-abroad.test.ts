import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { workflowText } from '../../src/cli/init.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'

const example = join(import.meta.dirname, '..', '..', 'examples', 'support-desk-abroad', '.github')

it('a repository that builds nothing has the workflow of `ringway init` without its builds', async () => {
  const { jobs, on, ...rest } = parse(workflowText('main'))
  expect(parse(await readFile(join(example, 'workflows', 'ringway.yml'), 'utf8'))).toEqual({
    ...rest,
    on: { workflow_dispatch: on.workflow_dispatch },
    jobs: { deploy: jobs.deploy },
  })
})

it('its ring file is valid and declares the same solution', async () => {
  const read = readRingFile(await readFile(join(example, 'rings.yml'), 'utf8'))
  expect(read).toMatchObject({ ok: true, ringFile: { solutions: [{ name: 'support' }] } })
})
