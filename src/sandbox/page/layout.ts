import { type Html, html, type Part } from './html.ts'

export const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 0 auto; padding: 1rem }
header { display: flex; gap: 1.5rem; border-bottom: 1px solid #8886; margin-bottom: 1rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884 }
pre { overflow: auto; background: #8882; padding: .7rem; max-height: 32rem; white-space: pre-wrap }
.state { font-weight: 600 }
.waiting { border: 1px solid #b80; padding: .7rem; margin: 1rem 0 }
textarea { width: 100%; min-height: 5rem; font: inherit }
form { display: inline-flex; gap: .4rem; flex-wrap: wrap; align-items: center }
form.wide { display: block }
`

export interface Page {
  readonly title: string
  readonly body: Part
  /** Seconds after which the page reads itself again; not for pages that people type into. */
  readonly refresh?: number
}

export function layout(page: Page): string {
  const refresh = page.refresh === undefined ? false : html`<meta http-equiv="refresh" content="${page.refresh}">`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${page.title}</title><link rel="stylesheet" href="/style.css">${refresh}</head>
<body>
<header><a href="/">Repositories</a><a href="/deliveries">Webhooks</a></header>
<h1>${page.title}</h1>
${page.body}
</body>
</html>
`.text
}

/** A table; `empty` is said instead when it has no rows. */
export function table(columns: readonly string[], rows: readonly (readonly Part[])[], empty: string): Html {
  if (rows.length === 0) return html`<p>${empty}</p>`
  const head = columns.map(column => html`<th>${column}</th>`)
  const body = rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>`)
  return html`<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}
