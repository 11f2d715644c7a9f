/** The URL of the next page that a Link header names. Source: RFC 8288. */
export function nextPage(link: string | undefined): string | undefined {
  return /<([^>]*)>\s*;[^,<]*\brel="?next\b/i.exec(link ?? '')?.[1]
}
