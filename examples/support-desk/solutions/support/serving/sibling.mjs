/**
 * Asks another component of this same version: `RINGWAY_URL` is where the version answers, whichever version is active meanwhile.
 * @param {string} path as `/tickets/1001`
 * @param {unknown} [body] with it, a POST
 */
export async function askSibling(path, body) {
  const url = new URL(path, process.env['RINGWAY_URL'])
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(url, { ...(body === undefined ? {} : post), signal: AbortSignal.timeout(10_000) })
  const value = await answer.json()
  if (answer.ok) return value
  throw new SiblingFailed({ path, status: answer.status, message: value.message ?? 'it did not say why' })
}

/** Another component answered no. */
export class SiblingFailed extends Error {
  constructor({ path, status, message }) {
    super(`${path} answered ${status}: ${message}`)
    this.status = status
  }
}
