import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../../src/domain/compile/compile.ts'
import { sha256Digest } from '../../../src/domain/units.ts'
import { factsOf, problemsOf } from './facts.ts'

const digest = sha256Digest(`sha256:${'a'.repeat(64)}`)

describe('[D2] a component starts a file that is there', () => {
  it.each([
    { start: 'node dist/triage.js', file: 'dist/triage.js' },
    { start: './bin/serve --port 80', file: 'bin/serve' },
    { start: 'NODE_ENV=production node --enable-source-maps "./dist/triage.js"', file: 'dist/triage.js' },
    { start: 'python3 -u app/./main.py', file: 'app/main.py' },
    { start: 'sh -c run.sh', file: 'run.sh' },
    { start: 'bin/server', file: 'bin/server' },
  ])('$start', ({ start, file }) => {
    const written = (path: string) => ({
      components: `triage: { kind: agent, start: '${start}' }`,
      files: { [path]: '', 'bin/other': '' },
    })
    expect(problemsOf(written(file))).toEqual([])
    expect(problemsOf(written('other.txt'))).toEqual([
      `error .github/rings.yml:7 entry_missing \`start\` of triage starts \`${file}\`, which is not among the files of the artifact. Commit it below \`sub\`, or write a \`build\` command that makes it.`,
    ])
  })

  it.each([
    'npm start',
    'python3 -m app.main',
    'uvicorn app.main:app',
    'docker run ghcr.io/acme/triage',
    'cd dist && node triage.js',
    'node $ENTRY.js',
    '/usr/local/bin/triage.sh',
    'deno run https://example.com/triage.ts',
  ])('nobody can say of `%s`', start => {
    expect(problemsOf({ components: `triage: { kind: agent, start: '${start}' }` })).toEqual([])
  })

  it('names the file that was probably meant', () => {
    expect(
      problemsOf({ components: 'triage: { kind: agent, start: node triage.js }', files: { 'src/triage.js': '' } }),
    ).toEqual([
      'error .github/rings.yml:7 entry_missing `start` of triage starts `triage.js`, which is not among the files of the artifact. There is `src/triage.js`.',
    ])
  })

  it('outside of the solution there is nothing', () => {
    expect(problemsOf({ components: 'triage: { kind: code, exec: ../other/run.sh }', files: {} })[0]).toContain(
      'starts `../other/run.sh`, which is not among the files of the artifact. It lies outside of the solution',
    )
  })
})

describe('[C24] a warning does not stop a build', () => {
  it.each([
    {
      why: 'nothing starts it',
      components: 'triage: { kind: agent }',
      says: 'warning .github/rings.yml:7 nothing_starts_it triage is of the kind `agent` and has neither `start` nor `exec`: nothing will run.',
    },
    {
      why: 'files match nothing',
      components: 'model: { kind: model, files: [prompts/**] }',
      says: 'warning .github/rings.yml:7 files_match_nothing `files` of model match no file of the solution, or all of them belong to other components as well: it gets no layer of its own.',
    },
  ])('$why', ({ components, says }) => {
    expect(problemsOf({ components })).toEqual([says])
    expect(compile(factsOf({ components })).ok).toBe(true)
  })

  it('an error does', () => {
    expect(compile(factsOf({ components: 'triage: { kind: agent, start: ./run.sh }' })).ok).toBe(false)
  })
})

describe('[D2] interfaces', () => {
  const components = 'triage: { kind: agent, start: npm start, input: in.json }'
  it.each([
    {
      why: 'that are there and are schemas',
      files: { 'in.json': '{ "type": "object", "required": ["id"] }' },
      says: [],
    },
    {
      why: 'that are missing',
      files: {},
      says: [
        'error .github/rings.yml:7 file_missing `input` of triage names `in.json`, which is not among the files of the artifact. Commit it below `sub`, or correct the path.',
      ],
    },
    {
      why: 'that are no JSON',
      files: { 'in.json': '{ "type": "object" \n // no\n }' },
      says: [
        'error sub/in.json:2 schema_invalid Something is not closed or not separated here: a quote, a bracket, a comma, or the `: ` after a key.',
      ],
    },
    {
      why: 'with a comma too many',
      files: { 'in.json': '{ "type": "object", }' },
      says: [
        'error sub/in.json:1 schema_invalid This is no JSON: a comma, a comment or a quote may be too many or missing here.',
      ],
    },
    {
      why: 'with a type that does not exist',
      files: { 'in.json': '{\n  "type": "text"\n}' },
      says: [
        'error sub/in.json:2 schema_invalid `type` is one of null, boolean, integer, number, string, array, object or a list of them, not `text`.',
      ],
    },
    {
      why: 'with a reference that leads nowhere',
      files: { 'in.json': '{ "$ref": "#/$defs/ticket" }' },
      says: ['error sub/in.json:1 schema_invalid `$ref` is `#/$defs/ticket`, which leads nowhere in this file.'],
    },
    {
      why: 'with everything wrong',
      files: {
        'in.json':
          '{\n"required": "id",\n"properties": [],\n"enum": [],\n"pattern": "(",\n"minLength": -1,\n"allOf": [] }',
      },
      says: [
        'error sub/in.json:2 schema_invalid `required` is a list of different texts, not the text `id`.',
        'error sub/in.json:3 schema_invalid `properties` is a map of schemas, not an empty list.',
        'error sub/in.json:4 schema_invalid `enum` is a list with at least one value, not an empty list.',
        'error sub/in.json:5 schema_invalid `pattern` is a regular expression, not the text `(`.',
        'error sub/in.json:6 schema_invalid `minLength` is a whole number from 0, not the number `-1`.',
        'error sub/in.json:7 schema_invalid `allOf` is a list of schemas with at least one, not an empty list.',
      ],
    },
  ])('$why', ({ files, says }) => {
    expect(problemsOf({ components, files })).toEqual(says)
  })
})

describe('[D1] what is used is there', () => {
  const published = new Map([
    [
      'billing/lookup@v12',
      { reference: { kind: 'published', solution: 'billing', component: 'lookup', version: 'v12', digest } as const },
    ],
  ])

  it('is locked with its digest', () => {
    const report = compile(
      factsOf({
        components:
          'triage: { kind: agent, start: npm start, uses: [classify, billing/lookup@v12] }\nclassify: { kind: model }',
        rest: { published },
      }),
    )
    expect(report.problems).toEqual([])
    expect(report.components.map(({ name, uses }) => [name, uses])).toEqual([
      ['classify', []],
      [
        'triage',
        [
          { kind: 'published', solution: 'billing', component: 'lookup', version: 'v12', digest },
          { kind: 'local', component: 'classify' },
        ],
      ],
    ])
  })

  it('or it is an error', () => {
    expect(
      problemsOf({
        components: 'triage: { kind: agent, start: npm start, uses: [billing/lookup@v13] }',
        rest: { published },
      }),
    ).toEqual([
      'error .github/rings.yml:7 unknown_reference triage uses `billing/lookup@v13`, and no published version 13 of billing has a component lookup. See its versions with `ringway show`.',
    ])
  })

  it('circles are errors, each once', () => {
    expect(
      problemsOf({
        components:
          'a: { kind: x, uses: [b] }\nb: { kind: x, uses: [c] }\nc: { kind: x, uses: [b] }\nd: { kind: x, uses: [e] }\ne: { kind: x, uses: [d] }',
      }),
    ).toEqual([
      'error .github/rings.yml:8 cycle Components use each other in a circle: b uses c uses b. Take one `uses` out of it.',
      'error .github/rings.yml:10 cycle Components use each other in a circle: d uses e uses d. Take one `uses` out of it.',
    ])
  })

  it('components are planned after those that they use', () => {
    const report = compile(
      factsOf({
        components: 'a: { kind: x, uses: [c, b] }\nb: { kind: x, uses: [c] }\nc: { kind: x }\nd: { kind: x }',
      }),
    )
    expect(report.plan).toEqual({ order: ['c', 'b', 'a', 'd'] })
  })
})

describe('[M8] dependencies are locked', () => {
  const packageJson = '{ "dependencies": { "express": "^5.0.0" } }'
  const unlocked = (path: string, lock: string, remedy: string): string =>
    `error sub/${path}:1 unlocked_dependencies Dependencies are declared here and no lock file is among the files of the artifact, such as \`${lock}\`. Run \`${remedy}\`, commit it, and see that \`include\` and \`exclude\` let it in.`

  it.each([
    {
      manifest: 'package.json',
      text: packageJson,
      lock: 'package-lock.json',
      remedy: 'npm install --package-lock-only',
    },
    {
      manifest: 'packages/web/package.json',
      text: packageJson,
      lock: 'package-lock.json',
      remedy: 'npm install --package-lock-only',
    },
    {
      manifest: 'package.json',
      text: 'not even JSON',
      lock: 'package-lock.json',
      remedy: 'npm install --package-lock-only',
    },
    {
      manifest: 'pyproject.toml',
      text: '[project]\nname = "a"\ndependencies = [\n  # web\n  "flask>=3",\n]\n',
      lock: 'uv.lock',
      remedy: 'uv lock',
    },
    {
      manifest: 'pyproject.toml',
      text: '[tool.poetry.dependencies]\npython = "^3.12"\nflask = "^3"\n',
      lock: 'uv.lock',
      remedy: 'uv lock',
    },
    { manifest: 'Pipfile', text: '[packages]\nflask = "*"\n', lock: 'Pipfile.lock', remedy: 'pipenv lock' },
    {
      manifest: 'go.mod',
      text: 'module a\n\nrequire (\n\tgithub.com/a/b v1.2.3\n)\n',
      lock: 'go.sum',
      remedy: 'go mod tidy',
    },
    {
      manifest: 'Cargo.toml',
      text: '[package]\nname = "a"\n\n[dependencies]\nserde = "1"\n',
      lock: 'Cargo.lock',
      remedy: 'cargo generate-lockfile',
    },
    {
      manifest: 'Gemfile',
      text: "source 'https://rubygems.org'\ngem 'rack'\n",
      lock: 'Gemfile.lock',
      remedy: 'bundle lock',
    },
    {
      manifest: 'composer.json',
      text: '{ "require": { "php": ">=8", "monolog/monolog": "^3" } }',
      lock: 'composer.lock',
      remedy: 'composer update --lock',
    },
  ])('$manifest by $lock', ({ manifest, text, lock, remedy }) => {
    const components = 'web: { kind: x }'
    expect(problemsOf({ components, files: { [manifest]: text } })).toEqual([unlocked(manifest, lock, remedy)])
    const report = compile(factsOf({ components, files: { [manifest]: text, [lock]: 'locked' } }))
    expect(report).toMatchObject({ ok: true, problems: [], locks: [lock] })
  })

  it.each([
    { why: 'no dependencies', path: 'package.json', text: '{ "name": "a", "dependencies": {} }' },
    { why: 'dependencies inside the tree', path: 'package.json', text: '{ "dependencies": { "b": "file:../b" } }' },
    { why: 'what is installed', path: 'node_modules/express/package.json', text: packageJson },
    { why: 'what is vendored', path: 'vendor/a/b/go.mod', text: 'require a v1' },
    {
      why: 'Python alone',
      path: 'pyproject.toml',
      text: '[tool.poetry.dependencies]\npython = "^3.12"\n\n[tool.black]\nline-length = 88\n',
    },
    { why: 'a platform alone', path: 'composer.json', text: '{ "require": { "php": ">=8" } }' },
  ])('$why needs no lock', ({ path, text }) => {
    expect(problemsOf({ components: 'web: { kind: x }', files: { [path]: text } })).toEqual([])
  })

  it('[C25] every lock that is found is listed for the manifest', () => {
    const files = {
      'package-lock.json': '{}',
      'py/requirements.txt': 'flask==3.0.3\n',
      'py/requirements-dev.txt': 'pytest\n',
      'node_modules/a/yarn.lock': '',
    }
    expect(compile(factsOf({ components: 'web: { kind: x }', files })).locks).toEqual([
      'package-lock.json',
      'py/requirements.txt',
    ])
  })
})

describe('[M8] a requirements file is exact', () => {
  it.each([
    'flask==3.0.3',
    'flask[async] == 3.0.3 ; python_version >= "3.9"  # web',
    'flask==3.0.3 \\\n    --hash=sha256:34e815dfaa43340d1d15a5c3a02b8476004037eb4840b34910c6e21679d288f3',
    'flask===3.0.3',
    '# nothing',
    '',
    '-r base.txt',
    '--index-url https://example.com/simple',
    './packages/own',
    'own @ git+https://github.com/a/b@0123456789012345678901234567890123456789',
    `own @ https://example.com/own.whl#sha256=${'0'.repeat(64)}`,
    '-e .',
  ])('%j', line => {
    expect(problemsOf({ components: 'web: { kind: x }', files: { 'requirements.txt': line } })).toEqual([])
  })

  it.each([
    'flask',
    'flask>=3',
    'flask==3.*',
    'flask~=3.0',
    'flask==3.0,!=3.0.1',
    'own @ git+https://github.com/a/b@main',
    'https://example.com/own.whl',
    '-e git+https://github.com/a/b',
  ])('%j is not', line => {
    expect(
      problemsOf({ components: 'web: { kind: x }', files: { 'app/requirements-dev.txt': `a==1\n${line}` } }),
    ).toEqual([
      `error sub/app/requirements-dev.txt:2 unpinned_dependency \`${line}\` names no exact version; write \`<package>==<version>\`, as \`pip freeze\` shows it.`,
    ])
  })
})

describe('[D2] secrets are declared', () => {
  const components =
    'triage: { kind: agent, start: npm start, secrets: [API_KEY] }\nreply: { kind: model, files: [reply/**] }'

  it('where a file refers to one', () => {
    const files = { 'reply/prompt.md': 'Use\n{{secret.API_KEY}} and {{ secrets.OTHER }}' }
    expect(problemsOf({ components, files, layers: { 'reply/prompt.md': 'reply' } })).toEqual([
      'error sub/reply/prompt.md:2 undeclared_secret `{{secret.API_KEY}}` is used here, and reply does not declare it. Write `secrets: [API_KEY]` in the ring file.',
      'error sub/reply/prompt.md:2 undeclared_secret `{{secret.OTHER}}` is used here, and reply does not declare it. Write `secrets: [OTHER]` in the ring file.',
    ])
  })

  it('a shared file may use what any component declares', () => {
    const files = { 'shared.yml': 'key: {{secret.API_KEY}}', 'reply/a': '' }
    expect(problemsOf({ components, files, layers: { 'reply/a': 'reply' } })).toEqual([])
  })

  it('where configuration refers to one', () => {
    const files = { 'reply/a': '' }
    expect(
      problemsOf({ components, files, layers: { 'reply/a': 'reply' }, config: '{ URL: "https://{{secret.HOST}}" }' }),
    ).toEqual([
      'error .github/rings.yml:5 undeclared_secret `URL` uses `{{secret.HOST}}`, and no component declares it. Write `secrets: [HOST]` in the component that reads it.',
    ])
  })

  it('and what looks like one, or leaves the tree, is refused with its place', () => {
    const rest = {
      secrets: [{ path: 'a.js', line: 7, kind: 'GitHub token' }],
      treeProblems: [{ path: 'link', message: 'The link leads out of the tree.' }],
    }
    expect(problemsOf({ components: 'web: { kind: x }', rest })).toEqual([
      'error sub/a.js:7 secret_found This looks like a secret (GitHub token). Revoke it, take it out of the file, and declare its name under `secrets`.',
      'error sub/link:- tree The link leads out of the tree.',
    ])
  })
})

it('[A2] the manifest lists every component with its interface, tools, connectors and secrets', () => {
  const files = {
    'in.json': '{ "type": "object" }',
    'flow.yml':
      'nodes: [ { id: start, outputs: { a: text } }, { id: end, inputs: { a: text } } ]\nedges: [ start.a -> end.a ]\n',
  }
  const components =
    'triage: { kind: agent, start: npm start, path: /t, input: in.json, tools: [b, a], connectors: [zendesk], secrets: [K], timeout: 5s }\nrefund: { kind: workflow, exec: npm run refund, graph: flow.yml }'
  expect(compile(factsOf({ components, files })).components).toEqual([
    {
      name: 'refund',
      kind: 'workflow',
      exec: 'npm run refund',
      uses: [],
      tools: [],
      connectors: [],
      secrets: [],
      graph: {
        nodes: [
          { id: 'start', inputs: {}, outputs: { a: 'text' } },
          { id: 'end', inputs: { a: 'text' }, outputs: {} },
        ],
        edges: [{ from: 'start.a', to: 'end.a' }],
      },
    },
    {
      name: 'triage',
      kind: 'agent',
      start: 'npm start',
      path: '/t',
      input: { type: 'object' },
      uses: [],
      tools: ['a', 'b'],
      connectors: ['zendesk'],
      secrets: ['K'],
      timeoutMs: 5000,
    },
  ])
})

it('[D1] the same facts in another order give the same report', () => {
  const facts = factsOf({
    components:
      'a: { kind: x, uses: [b, c] }\nb: { kind: agent }\nc: { kind: code, exec: ./missing.sh, secrets: [B, A] }',
    files: {
      'package.json': '{ "dependencies": { "a": "1" } }',
      'requirements.txt': 'a\nb',
      'x.md': '{{secret.X}} {{secret.Y}}',
    },
  })
  const report = compile(facts)
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...facts.files], { minLength: facts.files.length }),
      fc.shuffledSubarray([...facts.texts], { minLength: facts.texts.size }),
      fc.shuffledSubarray([...facts.solution.components], { minLength: 3 }),
      (files, texts, components) => {
        expect(
          compile({ ...facts, files, texts: new Map(texts), solution: { ...facts.solution, components } }),
        ).toEqual(report)
      },
    ),
    { numRuns: 50 },
  )
})
