import { canonicalJson } from './canonical-json.ts'
import type { JsonSchema, Manifest, ManifestComponent } from './manifest.ts'
import { narrowingWords } from './schema/narrowing-words.ts'
import { compareSchemas } from './schema/schema-comparison.ts'

/** What happened to a component between two versions, for those who call it. */
type CompatibilityKind = 'removed' | 'renamed' | 'narrowed_input' | 'changed_output' | 'changed_mode' | 'added'

/** One difference that callers may notice. */
interface CompatibilityFinding {
  readonly kind: CompatibilityKind
  /** The component, by the name that it had before; by its new name when it is new. */
  readonly component: string
  /** What differs, as one sentence. */
  readonly words: string
  /** Whether a caller that was right before may fail now. */
  readonly breaking: boolean
}

/** How the interfaces of a version compare with those of the one before. */
export interface Compatibility {
  readonly breaking: boolean
  /** By component, in the order of their names. */
  readonly findings: readonly CompatibilityFinding[]
}

/**
 * Compares what two versions promise to callers. What cannot be proven harmless counts as breaking.
 *
 * @example
 * compareInterfaces(v1, v2).findings[0]?.words // 'triage: its input now requires `email`.'
 */
export function compareInterfaces(
  previous: Pick<Manifest, 'components'>,
  next: Pick<Manifest, 'components'>,
): Compatibility {
  const after = new Map(next.components.map(component => [component.name, component]))
  const before = new Set(previous.components.map(({ name }) => name))
  const gone = previous.components.filter(({ name }) => !after.has(name))
  const come = next.components.filter(({ name }) => !before.has(name))
  const renamed = findRenamed(gone, come)
  const newNames = new Set(renamed.values())
  const findings = [
    ...gone.map(component => goneFinding(component, renamed.get(component.name))),
    ...come.filter(({ name }) => !newNames.has(name)).map(addedFinding),
    ...previous.components.flatMap(component => {
      const successor = after.get(component.name)
      return successor === undefined ? [] : compareComponents(component, successor)
    }),
  ].toSorted((a, b) => (a.component === b.component ? 0 : a.component < b.component ? -1 : 1))
  return { breaking: findings.some(finding => finding.breaking), findings }
}

function goneFinding({ name }: ManifestComponent, newName: string | undefined): CompatibilityFinding {
  if (newName === undefined) {
    return { kind: 'removed', component: name, words: `${name} was removed.`, breaking: true }
  }
  return { kind: 'renamed', component: name, words: `${name} is called ${newName} now.`, breaking: true }
}

function addedFinding({ name }: ManifestComponent): CompatibilityFinding {
  return { kind: 'added', component: name, words: `${name} is new.`, breaking: false }
}

/** New names by old names. A new component takes over from one old one at most. */
function findRenamed(
  gone: readonly ManifestComponent[],
  come: readonly ManifestComponent[],
): ReadonlyMap<string, string> {
  const free = new Map(come.map(component => [component.name, identity(component)]))
  const found = new Map<string, string>()
  for (const component of gone) {
    const sought = identity(component)
    const successor = [...free].find(([, candidate]) => candidate === sought)?.[0]
    if (successor === undefined) continue
    free.delete(successor)
    found.set(component.name, successor)
  }
  return found
}

/** What a component is apart from its name. Without an interface its kind alone says too little, so how it starts counts as well. */
function identity({ kind, input, output, start, exec, path, graph }: ManifestComponent): string {
  const hasInterface = input !== undefined || output !== undefined
  return canonicalJson(hasInterface ? { kind, input, output } : { kind, start, exec, path, graph })
}

function compareComponents(before: ManifestComponent, after: ManifestComponent): readonly CompatibilityFinding[] {
  const component = before.name
  const sentences = (kind: CompatibilityKind, words: readonly string[]): readonly CompatibilityFinding[] =>
    [...new Set(words)].map(rest => ({ kind, component, words: `${component}: its ${rest}.`, breaking: true }))
  return [
    ...compareModes(before, after),
    ...sentences('narrowed_input', inputChanges(before.input, after.input)),
    ...sentences('changed_output', outputChanges(before.output, after.output)),
  ]
}

function inputChanges(before: JsonSchema | undefined, after: JsonSchema | undefined): readonly string[] {
  const found = compareSchemas(declared(before), declared(after))
  if (before === undefined && found.length > 0) return ['input is declared now; before, it took anything']
  return found.map(narrowing => narrowingWords(narrowing, 'input'))
}

/** The other way round: a caller reads the output, so it must not get what it was never promised. */
function outputChanges(before: JsonSchema | undefined, after: JsonSchema | undefined): readonly string[] {
  const found = compareSchemas(declared(after), declared(before))
  if (after === undefined && found.length > 0) return ['output is no longer declared; it may be anything now']
  return found.map(narrowing => narrowingWords(narrowing, 'output'))
}

function compareModes(before: ManifestComponent, after: ManifestComponent): readonly CompatibilityFinding[] {
  const [last, next] = [isCallable(before), isCallable(after)]
  if (last === next || next) return []
  const words = `${before.name}: it could be called and cannot be called any more: it has neither \`start\` nor \`exec\`.`
  return [{ kind: 'changed_mode', component: before.name, words, breaking: true }]
}

function isCallable({ start, exec }: ManifestComponent): boolean {
  return start !== undefined || exec !== undefined
}

/** A component that declares no schema takes, or gives, anything. */
function declared(schema: JsonSchema | undefined): JsonSchema {
  return schema ?? true
}
