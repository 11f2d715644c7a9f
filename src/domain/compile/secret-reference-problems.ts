import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, inRepository, problemAt } from './compile-problem.ts'
import { isOwnPath } from './dependency-kinds.ts'

/** `${{ secrets.NAME }}` is GitHub's own, in workflow files. */
const reference = /(?<!\$)\{\{\s*secrets?\.([A-Za-z_][A-Za-z0-9_]{0,127})\s*\}\}/g

/** Whether references to secrets are looked for in a file: prompts, flows, settings and code, not what was installed or bundled. */
export function mayReferToSecrets({ path, size }: { readonly path: string; readonly size: number }): boolean {
  return size <= 262_144 && isOwnPath(path) && readable.test(path)
}

const readable =
  /\.(?:ya?ml|json|jsonl|toml|ini|conf|cfg|md|txt|prompt|tmpl|tpl|hbs|j2|jinja2?|mustache|liquid|xml|html?|[cm]?[jt]sx?|py|rb|sh|go|rs|java|kt|php)$/

/** References to secrets (`{{secret.NAME}}`) that nobody declares: in the target ring there would be nothing to put in their place. */
export function secretReferenceProblems(facts: CompileFacts): readonly CompileProblem[] {
  return [...inFiles(facts), ...inConfiguration(facts)]
}

function inFiles(facts: CompileFacts): readonly CompileProblem[] {
  return facts.files.flatMap(file => {
    const text = facts.texts.get(file.path)
    if (text === undefined || !mayReferToSecrets(file)) return []
    const owners = ownersOf(facts, file)
    const declared = declaredBy(facts, owners)
    return referencesIn(text).flatMap(({ name, line }): readonly CompileProblem[] => {
      if (declared.has(name)) return []
      const who = owners.length === 1 ? `${owners[0]} does` : 'the components that may read this file do'
      const message = `\`{{secret.${name}}}\` is used here, and ${who} not declare it. Write \`secrets: [${name}]\` in the ring file.`
      return [
        {
          severity: 'error',
          code: 'undeclared_secret',
          path: inRepository(facts.solution.path, file.path),
          line,
          message,
        },
      ]
    })
  })
}

/** The components that may read a file: the one whose layer takes it, those that name it, else all. */
function ownersOf({ solution }: CompileFacts, file: CompileFacts['files'][number]): readonly string[] {
  const naming = solution.components.filter(({ graph, input, output }) => [graph, input, output].includes(file.path))
  const names = [file.component, ...naming.map(({ name }) => name)].filter(name => name !== undefined)
  return names.length === 0 ? solution.components.map(({ name }) => name) : [...new Set(names)]
}

function declaredBy({ solution }: CompileFacts, names: readonly string[]): ReadonlySet<string> {
  return new Set(solution.components.filter(({ name }) => names.includes(name)).flatMap(({ secrets }) => secrets))
}

function inConfiguration(facts: CompileFacts): readonly CompileProblem[] {
  const { solution } = facts
  const declared = new Set(solution.components.flatMap(({ secrets }) => secrets))
  const at = `solutions.${solution.name}`
  const layers = [
    { key: `${at}.config`, layer: solution.config },
    ...solution.rings.map(ring => ({ key: `${at}.rings.${ring.name}.config`, layer: ring.config })),
  ]
  return layers.flatMap(({ key, layer }) =>
    Object.entries(layer).flatMap(([name, value]) =>
      referencesIn(String(value))
        .filter(found => !declared.has(found.name))
        .map(found =>
          problemAt(facts.ringFile, `${key}.${name}`, {
            severity: 'error',
            code: 'undeclared_secret',
            message: `\`${name}\` uses \`{{secret.${found.name}}}\`, and no component declares it. Write \`secrets: [${found.name}]\` in the component that reads it.`,
          }),
        ),
    ),
  )
}

function referencesIn(text: string): readonly { readonly name: string; readonly line: number }[] {
  let line = 1
  let counted = 0
  return [...text.matchAll(reference)].map(({ 1: name = '', index }) => {
    line += text.slice(counted, index).split('\n').length - 1
    counted = index
    return { name, line }
  })
}
