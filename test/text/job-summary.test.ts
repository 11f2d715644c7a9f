import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/domain/result.ts'
import { epochMs } from '../../src/domain/units.ts'
import { heldGateLines } from '../../src/text/gate-table.ts'
import { jobSummary } from '../../src/text/job-summary.ts'
import { resultLines } from '../../src/text/result-lines.ts'
import { digestOf } from '../support/ring-records.ts'

const digest = digestOf(2)
const base = {
  schema_version: 1,
  solution: 'support',
  environment: 'staging',
  ring: 'staging',
  version: 'v2',
  digest,
} as const

const rolledBack: RunResult = {
  ...base,
  command: 'deploy',
  decision: 'failed',
  reason_code: 'validation_failed',
  message: 'GET /healthz answered 500, expected 200',
  remedy: 'Fix it and push; the evidence is in the summary of the run.',
  previous_version: 'v1',
  deployment_id: 7,
  state: 'rolled_back',
  url: 'http://127.0.0.1:4002',
  gates: [{ gate: 'soak', verdict: 'pass', reason: 'ok', words: 'no soak asked for' }],
  checks: [
    {
      kind: 'failed',
      words: 'GET /healthz answered 500',
      evidence: '{"ok":false}\n::error::x',
      attempts: 30,
      took_ms: 60_000,
    },
  ],
}

const refused: RunResult = {
  ...base,
  command: 'deploy',
  decision: 'refused',
  reason_code: 'frozen',
  message: 'windows: frozen: holidays',
  remedy: 'Wait for its end, or change the freeze in the ring file. A rollback is never frozen.',
  state: 'failed',
  gates: [
    {
      gate: 'windows',
      verdict: 'wait',
      reason: 'frozen',
      words: 'frozen: holidays',
      until: epochMs(Date.UTC(2027, 0, 4, 8, 0)),
      remedy: 'Wait for its end, or change the freeze in the ring file. A rollback is never frozen.',
    },
    {
      gate: 'approvals',
      verdict: 'wait',
      reason: 'approvals_missing',
      words: '1 of 2 approvals',
      remedy: 'Type `/approve`.',
    },
  ],
}

const built: RunResult = {
  schema_version: 1,
  command: 'build',
  decision: 'done',
  reason_code: 'ok',
  message: '1 solution was published.',
  changed: true,
  solutions: [
    {
      solution: 'support',
      version: 'v2',
      digest,
      content: digestOf(3),
      published: true,
      changed: true,
      uploaded_bytes: 1_500_000,
      compatibility: null,
      dispatched: [{ ring: 'dev', run_url: 'https://github.example/1', deployment_id: 7 }],
    },
    {
      solution: 'site',
      version: null,
      digest,
      content: digestOf(3),
      published: false,
      changed: false,
      uploaded_bytes: 0,
      compatibility: null,
      dispatched: [],
    },
  ],
}

describe('the summary of a run', () => {
  it('of a deployment that was rolled back says what happened, what is where, why, and what to do', () => {
    expect(jobSummary(rolledBack)).toBe(`### Ringway deploy v2 → staging: rolled back

GET /healthz answered 500, expected 200

**Now:** Fix it and push; the evidence is in the summary of the run.

|  |  |
| --- | --- |
| Solution | \`support\` |
| Ring | \`staging\` |
| Version | \`v2\` |
| Digest | \`${digest}\` |
| Before | \`v1\` |
| Deployment | \`7\` |
| Answers at | \`http://127.0.0.1:4002\` |
| Reason | \`validation_failed\` – A check of the new version failed. |

#### Gates

| Gate | Verdict | Found | What would make it pass |
| --- | --- | --- | --- |
| soak | pass | no soak asked for |  |

#### Checks

| Check | Found | Attempts | Took |
| --- | --- | --- | --- |
| failed | GET /healthz answered 500 | 30 | 1 min |

What it saw:

\`\`\`text
{"ok":false}
::error::x
\`\`\`
`)
  })

  it('of a refusal shows every gate, when it opens and what to type', () => {
    const summary = jobSummary(refused)
    expect(summary).toContain('### Ringway deploy v2 → staging: failed\n')
    expect(summary).toContain(
      '| windows | **wait** | frozen: holidays | It passes by itself at 2027-01-04 08:00 UTC. Wait for its end, or change the freeze in the ring file. A rollback is never frozen. |',
    )
    expect(summary).toContain('| approvals | **wait** | 1 of 2 approvals | Type `/approve`. |')
  })

  it('of a rollback says what was restored', () => {
    const restored: RunResult = {
      ...base,
      command: 'rollback',
      version: 'v1',
      decision: 'done',
      reason_code: 'ok',
      message: 'staging went back from v2 to v1.',
      previous_version: 'v2',
      state: 'active',
    }
    const summary = jobSummary(restored)
    expect(summary).toMatch(/^### Ringway rollback v1 → staging: active\n\nstaging went back from v2 to v1\.\n\n\|/)
    expect(summary).not.toContain('Reason')
  })

  it('of a build has a row per solution', () => {
    expect(jobSummary(built)).toBe(`### Ringway build: done

1 solution was published.

| Solution | Version | Digest | What happened | Uploaded |
| --- | --- | --- | --- | --- |
| support | v2 | \`${digest}\` | published, on its way into dev | 1.5 MB |
| site | draft | \`${digest}\` | the content is known, nothing to deploy | 0 B |
`)
  })

  it('shows the last lines of a command in a block of their own', () => {
    const failed: RunResult = {
      ...base,
      command: 'deploy',
      decision: 'failed',
      reason_code: 'deploy_command_failed',
      message: '`./deploy.sh` exited with 1',
      remedy: 'The last lines say why:\nno space left\n```',
    }
    expect(jobSummary(failed)).toContain(
      '`./deploy.sh` exited with 1\n\n**Now:** The last lines say why:\n\n````text\nno space left\n```\n````',
    )
  })

  it('lets nothing through that a stranger wrote', () => {
    const evil = '</td><script>alert(1)</script> ![x](https://evil.test) @octocat `|`'
    const summary = jobSummary({
      ...rolledBack,
      solution: evil,
      message: evil,
      remedy: evil,
      url: `http://x/\`|${evil}`,
      checks: [{ kind: 'failed', words: evil, evidence: `\`\`\`\n${evil}`, attempts: 1, took_ms: 1 }],
    })
    const outsideCode = summary
      .replace(/(`{3,})text\n[\s\S]*?\n\1(?=\n)/g, '')
      .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
    expect(outsideCode).not.toContain('<')
    expect(outsideCode).not.toMatch(/@octocat|https:\/\/|[^\\]!\[/)
    const rows = summary.split('\n').filter(line => line.startsWith('| Answers at') || line.startsWith('| failed'))
    expect(rows.map(row => row.replace(/\\\|/g, '').split('|').length)).toEqual([4, 6])
  })
})

describe('the last lines of the log', () => {
  it('say the evidence first and the decision last, and obey no command of a stranger', () => {
    expect(resultLines(rolledBack)).toEqual([
      'check failed: GET /healthz answered 500',
      '  {"ok":false}',
      '  :\u200b:error::x',
      'failed (validation_failed): GET /healthz answered 500, expected 200',
      'Now: Fix it and push; the evidence is in the summary of the run.',
    ])
  })
  it('say which gates hold', () => {
    expect(resultLines(refused).slice(0, 2)).toEqual([
      'gate windows: wait, frozen: holidays. It passes by itself at 2027-01-04 08:00 UTC. Wait for its end, or change the freeze in the ring file. A rollback is never frozen.',
      'gate approvals: wait, 1 of 2 approvals. Type `/approve`.',
    ])
    expect(heldGateLines(rolledBack.gates ?? [])).toEqual([])
  })
  it('of a build name each solution', () => {
    expect(resultLines(built)).toEqual([
      `support v2 ${digest}: published, on its way into dev`,
      `site draft ${digest}: the content is known, nothing to deploy`,
      'done (ok): 1 solution was published.',
    ])
  })
})
