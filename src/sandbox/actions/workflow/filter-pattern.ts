/**
 * GitHub's filter patterns for branches, tags and paths: `*` stops at a slash, `**` does not, `?` makes the preceding
 * character optional, `+` repeats it, `[…]` is a set. Not a shell glob: `?` is what sets the two apart.
 */
export function filterPattern(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at)
    const token = /^(\*\*\/?|\*|\?|\+|\[[^\]]*\]|\\.|[\s\S])/.exec(rest)?.[0] ?? ''
    source += translate(token)
    at += token.length - 1
  }
  return new RegExp(`^${source}$`)
}

function translate(token: string): string {
  // `**/` also matches nothing at all, so that `**/docs` finds `docs`.
  if (token === '**/') return '(?:.*/)?'
  if (token === '**') return '.*'
  if (token === '*') return '[^/]*'
  if (token === '?' || token === '+') return token
  if (token.startsWith('[') && token.length > 1) return token
  return token.replace(/^\\/, '').replace(/[.^$*+?()[\]{}|\\/]/g, '\\$&')
}

/** True when the last pattern that speaks about `name` includes it; a pattern that begins with `!` excludes. */
export function matchesFilter(patterns: readonly string[], name: string): boolean {
  let isIncluded = false
  for (const pattern of patterns) {
    const isNegative = pattern.startsWith('!')
    if (filterPattern(isNegative ? pattern.slice(1) : pattern).test(name)) isIncluded = !isNegative
  }
  return isIncluded
}
