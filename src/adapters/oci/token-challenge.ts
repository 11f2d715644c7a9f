/** How a registry wants to be authenticated. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer'
      /** The token server's URL. */
      readonly realm: string
      readonly service: string | undefined
      /** What the token is for, as the registry words it. */
      readonly scope: string | undefined
    }

/**
 * Reads a WWW-Authenticate header; of several challenges Bearer is preferred, because its tokens are short-lived.
 * Source: RFC 9110 §11.6.1; Docker Registry v2 authentication.
 *
 * @returns undefined when there is none that Ringway can answer
 */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const challenges = splitChallenges(header ?? '')
  const bearer = challenges.find(challenge => challenge.scheme === 'bearer')
  const realm = bearer?.parameters.get('realm')
  if (bearer !== undefined && realm !== undefined) {
    return { scheme: 'bearer', realm, service: bearer.parameters.get('service'), scope: bearer.parameters.get('scope') }
  }
  return challenges.some(challenge => challenge.scheme === 'basic') ? { scheme: 'basic' } : undefined
}

interface RawChallenge {
  readonly scheme: string
  readonly parameters: Map<string, string>
}

/** A word that is followed by `=` is a parameter of the challenge before it; any other word starts the next challenge. */
function splitChallenges(header: string): readonly RawChallenge[] {
  const challenges: RawChallenge[] = []
  const part = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g
  for (const [, word = '', quoted, plain] of header.matchAll(part)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain
    if (value === undefined) challenges.push({ scheme: word.toLowerCase(), parameters: new Map() })
    else challenges.at(-1)?.parameters.set(word.toLowerCase(), value)
  }
  return challenges
}
