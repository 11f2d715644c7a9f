/** Text that is HTML already: made by `html` alone, so that nothing gets onto a page unescaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Part = Html | string | number | Date | null | undefined | false | readonly Part[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (part instanceof Date) return part.toISOString().replace('T', ' ').slice(0, 19)
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replaceAll(/[&<>"']/g, character => ESCAPES[character] ?? '')
  }
  return part.map(render).join('')
}

/** A template whose values are escaped; values that are `Html` already, and lists of them, are taken as they are. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + render(values[index])).join(''))
}

/** A link, if the address is one that a browser should follow; what somebody posted may be `javascript:`. */
export function link(address: string, words: Part = address): Html {
  return /^https?:\/\//i.test(address) ? html`<a href="${address}">${words}</a>` : html`${words}`
}
