import { ringFileSchema } from './grammar/ring-file-schema.ts'
import { grammarKeys, type KeyRow, keyTable } from './grammar-keys.ts'

/** Every key of the ring file. */
export function ringFileKeys(): readonly KeyRow[] {
  return grammarKeys(ringFileSchema)
}

/** The documentation of the ring file, as Markdown: `docs/ring-file.md`. */
export function ringFileReference(): string {
  const rows = ringFileKeys()
  const sections = Map.groupBy(
    rows.filter(row => !row.notYet),
    ({ parent }) => parent,
  )
  const tables = [...sections].map(
    ([parent, keys]) => `## ${sectionTitle(parent)}\n\n${keyTable(keys, ({ key }) => key)}`,
  )
  const later = keyTable(
    rows.filter(row => row.notYet),
    ({ parent, key }) => (parent === '' ? key : `${parent}.${key}`),
  )
  return `${introduction}\n${tables.join('\n')}\n${notations(rows)}\n## Not yet\n\n${laterWords}\n\n${later}\n`
}

/** Each kind of short text once, with an example. */
function notations(rows: readonly KeyRow[]): string {
  const examples = new Map(
    rows.filter(row => row.example !== '' && !row.type.includes('a list')).map(row => [row.type, row.example]),
  )
  const lines = [...examples].map(([type, example]) => `| ${type} | \`${example}\` |`)
  return ['## Written as', '', '| value | example |', '| --- | --- |', ...lines, ''].join('\n')
}

function sectionTitle(parent: string): string {
  return parent === '' ? 'The file' : `\`${parent}\``
}

const introduction = `<!-- Generated from src/config/grammar by \`npm run docs\`. Do not edit. -->

# The ring file

\`.github/rings.yml\` says what is deployed and through which rings. It is read from the default branch for every decision, and from the
commit for building.

\`\`\`yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/ringway/ringway/main/docs/rings.schema.json
version: 1
config: { LOG_LEVEL: info }
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
        uses: [classify, billing/lookup@v12]
        secrets: [OPENAI_API_KEY]
        timeout: 60s
      classify:
        kind: code
        exec: python3 classify.py
      refund:
        kind: workflow
        start: node dist/refund.js
        path: /refund
        graph: flows/refund.yml
    config: { FEATURE_AUTOREFUND: false }
    rings:
      dev:
        deploy-on: push
        deploy: { target: command, run: ./deploy.sh, activate: ./deploy.sh, rollback: ./deploy.sh }
        checks: [ { http: /healthz, within: 60s } ]
      staging:
        after: dev
        promote: auto
        config: { LOG_LEVEL: debug }
        gates: { soak: 10m, checks: required }
        checks: [ { http: /healthz }, { run: npm run test:integration, within: 10m } ]
      production:
        after: staging
        gates:
          approvals: { count: 2, from: [team:sre] }
          windows:
            allow: Mon-Thu 09:00-16:00 Europe/Berlin
            freeze: [ { from: 2026-12-20, to: 2027-01-03, reason: holidays, except: hotfix } ]
        checks: [ { http: /healthz } ]
\`\`\`

\`ringway validate\` lists every problem at once, with line, column and what to write instead. Completion in editors comes from
[\`rings.schema.json\`](rings.schema.json).

## How it is written

- At most 64 KB and 32 levels of YAML; one document; no anchors, aliases, tags, merges, directives or tabs for indentation; no key twice.
- Unquoted words are read by the rules of JSON. What YAML readers disagree about must be quoted: \`no\`, \`on\`, \`~\`, \`0123456\`, \`1.10\`,
  the commit \`1234e567\`. So a configuration value arrives in the process as it stands in the file.
- Durations carry units, from the largest to the smallest: \`90s\`, \`1h30m\`, \`7d\`.
- Windows and freezes follow the clock on the wall of their IANA zone, through summer time and back.
- Configuration merges organisation (the ring file of its \`.github\` repository, which holds \`version\` and \`config\` only) → repository →
  solution → ring; the narrower wins.
- A ring without \`deploy\` is deployed to as the ring that its \`after\` names.
- Commands come from the default branch and run inside the unpacked artifact of the version that is placed.
- \`slots\`, \`commands\`, \`allow-bots\`, \`messages\`, \`who\`, \`promotion-expiry\`, \`cool-down\`, \`alerts\`, \`locks\` and \`labels\` say what the App
  does, and do nothing without it. A gate that asks for what only the App can know refuses without it, with \`app_required\`.
`

const laterWords = `These keys belong to the grammar and their features do not exist yet. Whoever uses one is told so; none is silently ignored. The same holds
for \`target: host\`, for the strategies \`canary\` and \`shadow\`, and for \`gates.budget: required\`.`
