/** Hides secrets in everything that is logged or shown. */
export interface Masker {
  /** From now on `value` reads `***`; of a text of several lines, each line. */
  add(value: string): void
  mask(text: string): string
  /** True when `text` holds something that is hidden. */
  reveals(text: string): boolean
}

export function createMasker(): Masker {
  const values = new Set<string>()
  // Longest first: a secret that contains another one must not be left half readable.
  let ordered: readonly string[] = []
  const mask = (text: string) => ordered.reduce((masked, value) => masked.replaceAll(value, '***'), text)
  return {
    add(value) {
      const lines = value.split(/\r?\n/).map(line => line.trim())
      for (const line of [value, ...lines]) for (const form of formsOf(line)) values.add(form)
      ordered = [...values].sort((a, b) => b.length - a.length)
    },
    mask,
    reveals: text => mask(text) !== text,
  }
}

/** A secret as it is, inside JSON, in a URL, and in base64 (basic authentication) – the ways it usually leaks. */
function formsOf(value: string): readonly string[] {
  if (value.length === 0) return []
  const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]
  // The base64 of a short text is too common to be hidden.
  if (value.length >= 4) forms.push(Buffer.from(value).toString('base64').replace(/=+$/, ''))
  return forms
}
