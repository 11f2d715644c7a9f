/** The options of the command line, checked. */
export function readOptions(values) {
  return {
    port: values.port === undefined ? undefined : wholeNumber('--port', values.port, 65_535),
    keep: wholeNumber('--keep', values.keep, 100),
    graceMs: wholeNumber('--grace', values.grace, 86_400) * 1_000,
    readyMs: wholeNumber('--ready', values.ready, 3_600) * 1_000,
    fronts: Object.fromEntries(values.front.map(readFront)),
  }
}

function readFront(text) {
  const [, ring, port] = /^([^/=]+\/[^/=]+)=([0-9]+)$/.exec(text) ?? []
  if (ring !== undefined) return [ring, wholeNumber('--front', port, 65_535)]
  throw new Error(`--front: expected <solution>/<ring>=<port>, as in support/production=8080; ${text} came.`)
}

function wholeNumber(name, text, most) {
  const value = Number(text)
  if (/^[0-9]+$/.test(text) && value <= most) return value
  throw new Error(`${name}: expected a whole number from 0 to ${most}; ${text} came.`)
}
