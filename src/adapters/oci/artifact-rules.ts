import { brokenPathRule, collidingPaths } from '../../domain/safe-path.ts'

/** What an artifact may hold at most; the same when it is written and when it is read. */
export const artifactLimits = {
  files: 100_000,
  /** Bytes of all files, and of all layers uncompressed. */
  bytes: 4 * 1024 ** 3,
  /** Of uncompressed to compressed bytes of a layer … */
  ratio: 200,
  /** … counted from this many uncompressed bytes: a small layer may be mostly zeros. */
  ratioFrom: 64 * 1024 ** 2,
} as const

/** A rule of artifacts that is broken. */
export interface BrokenRule {
  readonly rule: string
  /** What breaks it, as the end of "the artifact …". */
  readonly words: string
}

/** The first rule that a list of files breaks. */
export function brokenContents(
  files: readonly { readonly path: string; readonly size: number }[],
): BrokenRule | undefined {
  if (files.length > artifactLimits.files) {
    return { rule: 'too_many_files', words: `has ${files.length} files, more than ${artifactLimits.files}` }
  }
  const total = files.reduce((sum, file) => sum + file.size, 0)
  if (total > artifactLimits.bytes) {
    return { rule: 'too_large', words: `has ${total} bytes, more than ${artifactLimits.bytes}` }
  }
  for (const { path } of files) {
    const rule = brokenPathRule(path)
    if (rule !== undefined) return { rule, words: `has the file ${JSON.stringify(path.slice(0, 200))}` }
  }
  const [collision] = collidingPaths(files.map(file => file.path))
  if (collision === undefined) return undefined
  const [one, other] = collision.map(path => JSON.stringify(path.slice(0, 200)))
  return { rule: 'colliding_paths', words: `has ${one} and ${other}, which are one on some systems` }
}

/** Whether a layer unpacks to more than any honest one: a few megabytes that fill a disk. */
export function isOverRatio(layer: { readonly uncompressed: number; readonly compressed: number }): boolean {
  return layer.uncompressed > artifactLimits.ratioFrom && layer.uncompressed > layer.compressed * artifactLimits.ratio
}
