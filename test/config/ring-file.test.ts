import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOrganisationFile } from '../../src/config/read-organisation-file.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import type { Ring } from '../../src/domain/ring.ts'
import type { RingFile, Solution } from '../../src/domain/solution.ts'
import { smallRingFile } from './ring-file-text.ts'

const root = join(import.meta.dirname, '..', '..')

const examples = readdirSync(join(root, 'examples')).filter(name => existsSync(join(root, 'examples', name, '.github')))

function accepted(text: string): RingFile {
  const reading = readRingFile(text)
  if (!reading.ok) throw new Error(reading.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return reading.ringFile
}

function solutionOf(text: string): Solution {
  const [solution] = accepted(text).solutions
  if (solution === undefined) throw new Error('no solution')
  return solution
}

function ringOf(text: string, name: string): Ring {
  const ring = solutionOf(text).rings.find(one => one.name === name)
  if (ring === undefined) throw new Error(`no ring ${name}`)
  return ring
}

/** The gates of a ring that asks for nothing. */
const usualGates = {
  approvals: undefined,
  soak: 0,
  checks: 'none',
  ignoredChecks: [],
  windows: { allow: [], freeze: [] },
  pullRequest: {
    review: 'none',
    upToDate: 'none',
    drafts: 'refuse',
    verifiedCommits: 'none',
    labels: { require: [], forbid: [] },
  },
  compatibility: 'warn',
  rollbackReady: 'shown',
  budget: 'none',
}

describe('a ring file', () => {
  const documented = /```yaml\n([^]*?)```/.exec(readFileSync(join(root, 'docs', 'ring-file.md'), 'utf8'))?.[1] ?? ''

  it('[A2] gives everything that its documentation shows', () => {
    const { workflow, config, solutions } = accepted(documented)
    expect({ workflow, config, names: solutions.map(({ name }) => name) }).toEqual({
      workflow: 'ringway.yml',
      config: { LOG_LEVEL: 'info' },
      names: ['support'],
    })
    const solution = solutionOf(documented)
    expect(solution.components[0]).toEqual({
      name: 'triage',
      kind: 'agent',
      files: [],
      start: 'node dist/triage.js',
      exec: undefined,
      path: '/triage',
      input: 'schemas/ticket.json',
      output: 'schemas/answer.json',
      uses: [
        { kind: 'local', component: 'classify' },
        { kind: 'published', solution: 'billing', component: 'lookup', version: 12 },
      ],
      tools: [],
      connectors: [],
      secrets: ['OPENAI_API_KEY'],
      timeout: 60_000,
      graph: undefined,
    })
    expect(solution.components.map(({ name, graph }) => [name, graph])).toEqual([
      ['triage', undefined],
      ['classify', undefined],
      ['refund', 'flows/refund.yml'],
    ])
  })

  it('keeps the rings in the order of the file, with what each asks for', () => {
    const rings = solutionOf(documented).rings
    expect(
      rings.map(({ name, after, promote, deployOn, environment }) => [name, after, promote, deployOn, environment]),
    ).toEqual([
      ['dev', undefined, 'manual', 'push', 'dev'],
      ['staging', 'dev', 'auto', 'nothing', 'staging'],
      ['production', 'staging', 'manual', 'nothing', 'production'],
    ])
    expect(ringOf(documented, 'staging').checks).toEqual([
      { kind: 'http', url: '/healthz', expect: 200, within: 60_000 },
      { kind: 'run', run: 'npm run test:integration', within: 600_000, retries: 0 },
    ])
    expect(ringOf(documented, 'production').gates).toEqual({
      ...usualGates,
      approvals: {
        count: 2,
        from: ['team:sre'],
        self: false,
        authors: false,
        expiry: 7 * 86_400_000,
        githubReviews: 'count',
      },
      windows: {
        allow: [
          {
            days: [1, 2, 3, 4],
            fromMinute: 540,
            toMinute: 960,
            timezone: 'Europe/Berlin',
            text: 'Mon-Thu 09:00-16:00 Europe/Berlin',
          },
        ],
        freeze: [
          {
            from: Date.parse('2026-12-20T00:00+01:00'),
            to: Date.parse('2027-01-04T00:00+01:00'),
            reason: 'holidays',
            except: 'hotfix',
          },
        ],
      },
    })
  })

  it('deploys a ring as the ring before when it does not say how', () => {
    const target = { kind: 'command', run: './deploy.sh', activate: undefined, rollback: undefined }
    const text = smallRingFile({ rings: 'staging: { after: dev }\nproduction: { after: staging }' })
    expect(ringOf(text, 'production').deploy).toEqual(target)
    const own = smallRingFile({ rings: 'staging: { after: dev, deploy: { target: command, run: ./other.sh } }' })
    expect(ringOf(own, 'staging').deploy).toEqual({ ...target, run: './other.sh' })
  })

  it('fills in defaults', () => {
    const { path, include, exclude, build, rings } = solutionOf(smallRingFile({}))
    expect({ path, include, exclude, build }).toEqual({ path: '.', include: ['**'], exclude: [], build: undefined })
    expect(rings).toEqual([
      {
        name: 'dev',
        after: undefined,
        environment: 'dev',
        deployOn: 'nothing',
        promote: 'manual',
        accepts: 'versions',
        config: {},
        deploy: { kind: 'command', run: './deploy.sh', activate: undefined, rollback: undefined },
        checks: [],
        gates: usualGates,
        maxDuration: 1_800_000,
        promotionExpiry: 7 * 86_400_000,
        coolDown: 600_000,
        alerts: { slow: 1_800_000 },
        locks: { release: [] },
        labels: { success: [], failure: [] },
        who: undefined,
      },
    ])
  })

  it('names environments after solution and ring when there are several solutions', () => {
    const two = `${smallRingFile({})}  billing:\n    components: { web: { kind: service } }\n    rings:\n      dev: { deploy: { target: command, run: ./d } }\n`
    expect(accepted(two).solutions.flatMap(({ rings }) => rings.map(({ environment }) => environment))).toEqual([
      'support-dev',
      'billing-dev',
    ])
  })

  it('keeps a configuration value as it stands in the file', () => {
    const text = smallRingFile({
      ring: 'config: { A: 1, B: true, C: "1.10", D: -0.5, E: "no", F: v1.2.3, G: 2026-12-20, H: a b }',
    })
    expect(ringOf(text, 'dev').config).toEqual({
      A: 1,
      B: true,
      C: '1.10',
      D: -0.5,
      E: 'no',
      F: 'v1.2.3',
      G: '2026-12-20',
      H: 'a b',
    })
  })

  it.each(examples)('that examples/%s brings is valid', name => {
    const path = join(root, 'examples', name, '.github', 'rings.yml')
    expect(readRingFile(readFileSync(path, 'utf8'), path)).toMatchObject({ ok: true })
  })

  it('says where each of its values stands', () => {
    const reading = readRingFile(smallRingFile({ component: 'start: node triage.js' }))
    expect(reading).toMatchObject({ places: { 'solutions.support.components.triage.start': { line: 7, column: 9 } } })
  })
})

describe("an organisation's file", () => {
  it('[M18] gives configuration', () => {
    expect(readOrganisationFile('version: 1\nconfig: { REGION: eu }\n')).toEqual({ ok: true, config: { REGION: 'eu' } })
  })

  it('holds nothing else', () => {
    const reading = readOrganisationFile('version: 1\nsolutions: {}\n')
    expect(reading).toMatchObject({ ok: false, problems: [{ line: 2, column: 1, code: 'unknown_key' }] })
  })
})
