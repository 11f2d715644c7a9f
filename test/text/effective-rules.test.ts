import { describe, expect, it } from 'vitest'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { effectiveRules } from '../../src/text/effective-rules.ts'

const text = `version: 1
allow-bots: [77]
solutions:
  support:
    components: { answer: { kind: agent, exec: node answer.js } }
    rings:
      dev: { deploy-on: push, accepts: drafts, deploy: { target: command, run: ./deploy.sh } }
      staging: { after: dev, promote: auto, gates: { soak: 30m, checks: [e2e, lint] } }
      production:
        after: staging
        environment: live
        who: { promote: [team:ops, '@mona'] }
        gates:
          approvals: { count: 2, from: [team:ops] }
          checks: required
          rollback-ready: required
          labels: { require: [ready], forbid: [hold] }
          windows:
            allow: Mon-Thu 08:00-16:00 Europe/Berlin
            freeze: [{ from: 2026-12-20, to: 2027-01-02, reason: 'year | end', except: hotfix }]
`

describe('the rules that are in force', () => {
  it('are shown with their defaults, ring by ring', () => {
    const reading = readRingFile(text, '.github/rings.yml')
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems))
    expect(effectiveRules(reading.ringFile)).toMatchInlineSnapshot(`
      "| Ring | Environment | Versions enter | Approvals | Conditions | Open |
      | --- | --- | --- | --- | --- | --- |
      | support/dev | dev | first ring, by a push, drafts too | none | none | at any time |
      | support/staging | staging | after dev, by themselves | none | soak 30 min; checks e2e, lint | at any time |
      | support/production | live | after staging, by /promote | 2 of team:ops, not the requester or the authors; holds 7 d | required checks; label ready; no label hold; rollback ready | Mon-Thu 08:00-16:00 Europe/Berlin; frozen 2026-12-19 23:00 UTC to 2027-01-02 23:00 UTC (year \\| end, hotfixes pass) |

      <details><summary>Who may do what</summary>

      | Ring | promote | approve | rollback | run | lock | unlock | pause | undeploy | archive | unquarantine | hotfix | override |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | support/dev | write | write | write | write | write | maintain | maintain | maintain | admin | admin | admin | admin |
      | support/staging | write | write | write | write | write | maintain | maintain | maintain | admin | admin | admin | admin |
      | support/production | team:ops, @​mona | write | write | write | write | maintain | maintain | maintain | admin | admin | admin | admin |

      </details>

      A command may be 15 min old when it arrives. Of bots, these Apps are heard: 77. Runs are those of \`ringway.yml\`, 4 at once."
    `)
  })
})
