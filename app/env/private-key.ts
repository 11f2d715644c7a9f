import { createPrivateKey } from 'node:crypto'

/**
 * The key in one form, PKCS #8 in PEM. Process managers and dashboards often carry no line ends, so `\n` in two characters and base64
 * of the whole file are read as well.
 *
 * @returns undefined when the text is no RSA private key; GitHub signs Apps in with RS256 alone
 */
export function readPrivateKey(text: string): string | undefined {
  try {
    const key = createPrivateKey(pemOf(text))
    if (key.asymmetricKeyType !== 'rsa') return undefined
    return key.export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch {
    return undefined
  }
}

function pemOf(text: string): string {
  const beginning = '-----BEGIN'
  const decoded = text.includes(beginning) ? text : Buffer.from(text, 'base64').toString('utf8')
  return decoded.replaceAll('\\n', '\n').trim()
}
