import type { ComponentReference } from '../../domain/solution.ts'
import { parseVersionName } from '../../domain/version.ts'
import type { Notation } from './notation.ts'

/** `classify`, or `billing/lookup@v12` */
export const referencePattern = /^[a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*@v[1-9][0-9]{0,8})?$/

/** Reads what a component uses: another one of the solution, or a published version of one elsewhere. */
export function readReference(text: string): Notation<ComponentReference> {
  const [, solution, component, version = ''] = /^([^/]+)\/([^@]+)@(.+)$/.exec(text) ?? []
  if (solution === undefined || component === undefined) return { ok: true, value: { kind: 'local', component: text } }
  const number = parseVersionName(version)
  if (number === undefined) return { ok: false, message: `names the version \`${version}\`, which is none` }
  return { ok: true, value: { kind: 'published', solution, component, version: number } }
}

/** What the writer of something that is no reference may have meant. */
export function likelyReference(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const [, solution, component, version] =
    /^([a-z][a-z0-9-]*)\/([a-z][a-z0-9-]*)(?:[@:](?:v?)([0-9]{1,9}))?$/.exec(value) ?? []
  return solution === undefined ? [] : [`${solution}/${component}@v${version ?? 1}`]
}
