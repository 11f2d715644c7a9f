import type { ConfigLayer } from '../domain/configuration.ts'
import { type Manifest, type ManifestComponent, manifestReferenceName } from '../domain/manifest.ts'
import type { ReadProvenance } from '../domain/provenance.ts'
import { sayValue } from './change-lines.ts'
import { sayBytes, sayDuration } from './duration.ts'
import { logLine } from './log-line.ts'
import { textTable } from './table.ts'

/** An artifact as it is told to people. */
export interface ArtifactDescription {
  readonly solution: string
  /** `v42`, or `draft 0123456789ab` */
  readonly name: string
  readonly digest: string
  readonly content: string
  /** The store. */
  readonly location: string
  /** The commit that the version's tag names; undefined for a draft. */
  readonly commit: string | undefined
  readonly manifest: Manifest
  /** Those of this version first. */
  readonly provenance: readonly ReadProvenance[]
}

/** What an artifact is, who built it and what it holds, for a terminal. */
export function artifactLines(shown: ArtifactDescription): readonly string[] {
  const { manifest } = shown
  const sections = [
    pairs([
      ['solution', `${shown.solution} ${shown.name}`],
      ['digest', shown.digest],
      ['content', shown.content],
      ['commit', shown.commit],
      ['store', shown.location],
    ]),
    provenanceLines(shown.provenance),
    section('components', manifest.components.flatMap(componentLines)),
    section('layers (uncompressed)', layerLines(manifest)),
    section('configuration', configLines(manifest.config)),
    section(
      'dependency locks',
      manifest.locks.map(lock => `${lock.path}  ${lock.digest.slice(0, 19)}`),
    ),
  ]
  return sections
    .filter(lines => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
    .map(logLine)
}

function provenanceLines(all: readonly ReadProvenance[]): readonly string[] {
  const [first, ...more] = all
  if (first === undefined) return ['built', '  on a machine that attached no provenance']
  return [
    ...section('built (as the attached provenance says; it is not signed)', [
      ...pairs([
        ['by', first.actor === undefined ? undefined : `@${first.actor}`],
        ['as', first.version ?? 'draft'],
        ['from', first.repositoryUrl],
        ['commit', first.commit],
        ['ref', first.ref],
        ['workflow', first.workflow],
        ['run', first.run],
        ['when', first.finishedOn],
      ]),
    ]),
    ...more.map(one => `  and again as ${one.version ?? 'draft'} by @${one.actor ?? '?'}: ${one.run ?? '?'}`),
  ]
}

function componentLines(component: ManifestComponent): readonly string[] {
  const list = (values: readonly string[]): string | undefined => (values.length === 0 ? undefined : values.join(', '))
  const { timeoutMs, graph } = component
  const details = pairs([
    ['start', component.start],
    ['exec', component.exec],
    ['path', component.path],
    ['input', saySchema(component.input)],
    ['output', saySchema(component.output)],
    ['uses', list(component.uses.map(manifestReferenceName))],
    ['tools', list(component.tools)],
    ['connectors', list(component.connectors)],
    ['secrets', list(component.secrets)],
    ['timeout', timeoutMs === undefined ? undefined : sayDuration(timeoutMs)],
    ['graph', graph === undefined ? undefined : graph.nodes.map(node => node.id).join(', ')],
  ])
  return [`${component.name} (${component.kind})`, ...details.map(line => `  ${line}`)]
}

/** `{ text: string, urgent?: boolean }` where a schema says so plainly, else the schema shortened. */
function saySchema(schema: ManifestComponent['input']): string | undefined {
  if (schema === undefined) return undefined
  const properties = typeof schema === 'object' ? schema['properties'] : undefined
  if (typeof schema === 'boolean' || typeof properties !== 'object' || properties === null) return sayValue(schema)
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const fields = Object.entries(properties).map(
    ([name, property]) => `${name}${required.includes(name) ? '' : '?'}: ${sayType(property)}`,
  )
  return `{ ${fields.join(', ')} }`
}

function sayType(property: unknown): string {
  const type = typeof property === 'object' && property !== null ? Reflect.get(property, 'type') : undefined
  return typeof type === 'string' ? type : sayValue(property)
}

function layerLines({ layers, files }: Manifest): readonly string[] {
  const rows = layers.map(layer => {
    const held = files.filter(file => file.component === layer.component).length
    const count = `${held} ${held === 1 ? 'file' : 'files'}`
    return [layer.component ?? '(shared)', count, sayBytes(layer.size), layer.digest.slice(0, 19)]
  })
  return rows.length === 0 ? [] : textTable(['layer', 'files', 'size', 'digest'], rows).split('\n')
}

function configLines({ repository, solution, rings }: Manifest['config']): readonly string[] {
  const ofRings = Object.entries(rings).map(([name, layer]) => [`ring ${name}`, layer] as const)
  const layers: readonly (readonly [string, ConfigLayer])[] = [
    ['repository', repository],
    ['solution', solution],
    ...ofRings,
  ]
  return layers.flatMap(([layer, values]) =>
    Object.entries(values).map(([name, value]) => `${name} = ${sayValue(value)} (${layer})`),
  )
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map(line => `  ${line}`)]
}

/** `name   value`, aligned; those without a value are left out. */
function pairs(all: readonly (readonly [string, string | undefined])[]): readonly string[] {
  const known = all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const width = Math.max(0, ...known.map(([name]) => name.length))
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}
