import { expect, it } from 'vitest'
import { readRingFile } from '../../src/config/read-ring-file.ts'

/** A ring file that uses nearly everything: what exists and what does not exist yet. */
const everything = `version: 1
solutions:
  support:
    path: solutions/support
    build: npm run build
    components:
      triage:
        kind: agent
        start: node dist/triage.js
        path: /triage
        input: schemas/ticket.json
        output: schemas/answer.json
        uses: [billing/lookup@v12, classify]
        tools: [search-orders]
        connectors: [zendesk]
        secrets: [OPENAI_API_KEY]
        timeout: 60s
        triggers:
          - webhook: inbox
          - schedule: { cron: "0 9 * * MON-FRI", timezone: Europe/Berlin, overlap: skip, catch-up: 1h }
      classify: { kind: code, exec: python3 classify.py }
      refund:
        kind: workflow
        graph: flows/refund.yml
        start: node dist/refund.js
        path: /refund
    evaluation: { dataset: evals/golden.jsonl, run: npx promptfoo eval -o $RINGWAY_RESULTS, critical-tag: critical }
    config: { LOG_LEVEL: info, FEATURE_AUTOREFUND: false }
    rings:
      dev:
        deploy-on: push
        environment: dev
        deploy: { target: host }
        checks: [ { http: /healthz, expect: 200, within: 60s } ]
      staging:
        after: dev
        promote: auto
        config: { LOG_LEVEL: debug }
        deploy: { target: command, run: ./deploy.sh, rollback: ./deploy.sh }
        gates: { approvals: { count: 1, from: [team:platform], self: false }, soak: 30m, checks: required }
        checks: [ { run: npm run test:integration, within: 10m }, { evaluation: { no-worse-than: baseline, margin: 5pp } } ]
      production:
        after: staging
        gates:
          approvals: { count: 2, from: [team:sre] }
          windows: { allow: "Mon-Thu 09:00-16:00 Europe/Berlin", freeze: [ { from: 2026-12-20, to: 2027-01-03, reason: "holidays", except: hotfix } ] }
        rollout: { strategy: canary, steps: [ { weight: 5, for: 10m }, { weight: 25, for: 20m } ] }
        analysis: { errors: { tolerance: 1.5 }, latency: { tolerance: 1.25 }, false-rollback: 0.01, on-inconclusive: extend }
        watch: 2h
        breaker: { consecutive: 5, rate: 50%, of: 20, window: 5m }
        budget: { amount: 200 USD, per: month, alert: [50, 80, 95], enforce: true }
        who: { promote: [write], approve: [team:sre], rollback: [write], pause: [maintain] }
`

it('knows everything that a ring file will ever say, and refuses exactly what does not exist yet', () => {
  const reading = readRingFile(everything)
  expect(reading.ok ? [] : reading.problems.map(({ code, key }) => `${code} ${key}`)).toEqual([
    'feature_not_available solutions.support.components.triage.triggers',
    'feature_not_available solutions.support.evaluation',
    'feature_not_available solutions.support.rings.dev.deploy.target',
    'feature_not_available solutions.support.rings.staging.checks[1].evaluation',
    'feature_not_available solutions.support.rings.production.rollout.strategy',
    'feature_not_available solutions.support.rings.production.rollout.steps',
    'feature_not_available solutions.support.rings.production.analysis',
    'feature_not_available solutions.support.rings.production.watch',
    'feature_not_available solutions.support.rings.production.breaker',
    'feature_not_available solutions.support.rings.production.budget',
  ])
})
