/** Among more than these nobody would find the right one either, and a hostile file would ask thousands of times. */
const mostCandidates = 500

/**
 * The candidate that `word` was probably meant to be: the same letters in other dress (`deployOn` for `deploy-on`), else the one with the
 * fewest typing mistakes, if those are few.
 *
 * @param mostMistakes - that still count as few in a long word; fewer do in a short one
 */
export function closest(word: string, candidates: readonly string[], mostMistakes = 3): string | undefined {
  if (candidates.length > mostCandidates) return undefined
  const plain = undress(word)
  const dressed = candidates.find(candidate => undress(candidate) === plain) ?? extended(plain, candidates)
  if (dressed !== undefined) return dressed
  // Longer words are no typing mistakes, and comparing them would cost their product.
  if (word.length > 60) return undefined
  const most = Math.min(mostMistakes, Math.floor(word.length / 3) + 1)
  let best: { readonly candidate: string; readonly mistakes: number } | undefined
  for (const candidate of candidates) {
    const limit = Math.min(most, candidate.length - 1, (best?.mistakes ?? Number.POSITIVE_INFINITY) - 1)
    const mistakes = typingMistakes(plain, undress(candidate), limit)
    if (mistakes !== undefined) {
      best = { candidate, mistakes }
    }
  }
  return best?.candidate
}

function undress(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '')
}

/** `automatic` for `auto`, `prod` for `production`. */
function extended(plain: string, candidates: readonly string[]): string | undefined {
  const near = candidates.filter(candidate => {
    const [short = '', long = ''] = [plain, undress(candidate)].toSorted((a, b) => a.length - b.length)
    return short.length >= 3 && long.startsWith(short)
  })
  return near.length === 1 ? near[0] : undefined
}

/** Letters that are wrong, missing, too many or swapped with their neighbour (optimal string alignment distance); undefined above `limit`. */
function typingMistakes(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    if (Math.min(...row) > limit) return undefined
    beforeLast = last
    last = row
  }
  const mistakes = last[b.length] ?? 0
  return mistakes <= limit ? mistakes : undefined
}
