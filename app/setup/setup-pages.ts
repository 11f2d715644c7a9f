import { appEvents, appPermissions } from '../../src/domain/app-needs.ts'
import { type Html, html, type Part } from '../http/html.ts'
import { appManifest, registrationUrl } from './app-manifest.ts'
import type { RegisteredApp } from './registered-app.ts'

/** What the pages know of the place where the App is started. */
export interface SetupPlace {
  /** Where GitHub and people reach the App. */
  readonly url: string
  /** `https://github.com` */
  readonly serverUrl: string
  /** Where the settings can be written to. */
  readonly settingsFile: string
}

/** A page that needs no scripts. */
export function setupPage(title: string, body: Part): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} – Ringway</title>
<link rel="stylesheet" href="/setup/style.css"></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`.text
}

/** The button that registers the App, and what it will be allowed. */
export function registerPage(
  { url, serverUrl }: SetupPlace,
  { state, organisation }: { readonly state: string; readonly organisation: string | undefined },
): string {
  const name = organisation === undefined ? 'Ringway' : `Ringway ${organisation}`
  const action = `${registrationUrl(serverUrl, organisation)}?state=${encodeURIComponent(state)}`
  const hidden = isHiddenFrom(url, serverUrl)
  const button = html`<form method="post" action="${action}">
<input type="hidden" name="manifest" value="${JSON.stringify(appManifest({ name, url }))}">
<button>Register the App for ${organisation ?? 'your own account'}</button></form>`
  return setupPage(
    'Register the App',
    html`<p>This Ringway belongs to no GitHub App yet. One click registers it on ${serverUrl}; you can still change its name there.</p>
${hidden ? hiddenWords(url, serverUrl) : button}
<form method="get" action="/setup"><label>For an organisation instead: <input name="organisation" pattern="[A-Za-z0-9_\\-]{1,39}" value="${organisation ?? ''}"></label>
<button>Choose</button></form>
<h2>What it may do</h2>
<table>${Object.values(appPermissions).map(
      ({ name: permission, level, why }) => html`<tr><th>${permission}</th><td>${level}</td><td>${why}</td></tr>`,
    )}</table>
<p>It never may write to your code, your workflows or your settings. It hears of: ${Object.keys(appEvents).join(', ')}.</p>`,
  )
}

/** What was registered, and what is to be told to the App so that it knows. */
export function registeredPage(
  place: SetupPlace,
  { app, proof }: { readonly app: RegisteredApp; readonly proof: string },
): string {
  const lines = Object.entries(settingsOf(app)).map(([name, value]) => `${name}=${value}`)
  return setupPage(
    'Registered',
    html`<p><a href="${app.page}">${app.name}</a> is registered. GitHub tells its key and its secret this once. Choose one:</p>
<h2>Keep them here</h2>
<form method="post" action="/setup/app"><input type="hidden" name="proof" value="${proof}">
<p><button>Write them to ${place.settingsFile} and start</button> Only the user that runs the App can read that file.</p></form>
<h2>Or keep them where you keep your secrets</h2>
<p>Set these environment variables, and start the App again:</p>
<pre>${lines.join('\n')}</pre>
${next(app)}`,
  )
}

/** After the settings were written. */
export function startingPage({ url, settingsFile }: SetupPlace, app: RegisteredApp): string {
  return setupPage(
    'The App starts',
    html`<p>The settings stand in ${settingsFile}. <a href="${url}/readyz">${url}/readyz</a> says when the App is ready.</p>${next(app)}`,
  )
}

/** The environment variables that say which App it is. */
export function settingsOf(app: RegisteredApp): Record<'APP_ID' | 'PRIVATE_KEY' | 'WEBHOOK_SECRET', string> {
  return {
    APP_ID: String(app.id),
    // Of one line: not every place that keeps variables keeps the line ends of a PEM file.
    PRIVATE_KEY: Buffer.from(app.privateKey).toString('base64'),
    WEBHOOK_SECRET: app.webhookSecret,
  }
}

function next(app: RegisteredApp): Html {
  return html`<h2>Then</h2>
<ol><li><a href="${app.page}/installations/new">Install it</a> on the repositories that it is for.</li>
<li>In each of them type <code>ringway doctor</code>: it says what is still missing, and how to get it.</li></ol>`
}

/** GitHub on the internet reaches no address of this machine, and refuses a manifest that names one. */
function isHiddenFrom(url: string, serverUrl: string): boolean {
  const isLocal = (address: string): boolean =>
    /^(?:localhost|127\.|0\.0\.0\.0|\[::1?\])/.test(new URL(address).hostname)
  return isLocal(url) && !isLocal(serverUrl)
}

function hiddenWords(url: string, serverUrl: string): Html {
  return html`<p class="problem">${serverUrl} cannot reach ${url}. Give the App an address that it reaches, set <code>RINGWAY_URL</code> to it, such as
<code>RINGWAY_URL=https://ringway.example.com</code>, and start the App again.</p>`
}

/** Of every page. */
export const setupStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0 }
pre { overflow: auto; padding: .8rem; border: 1px solid #8886; white-space: pre-wrap; overflow-wrap: anywhere }
button { font: inherit; padding: .4rem 1rem }
.problem { border-left: 4px solid #c50; padding-left: .8rem }
`
