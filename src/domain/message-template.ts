/** When people are told something in words of their own repository. */
const messageMoments = ['waiting', 'refused', 'deployed', 'failed', 'rolled-back'] as const

/** One of {@link messageMoments}. */
export type MessageMoment = (typeof messageMoments)[number]

/** What a message may say of a deployment. Closed: a message is filled in, and nothing in it is ever run. */
export const messagePlaceholders = [
  'solution',
  'ring',
  'environment',
  'version',
  'digest',
  'commit',
  'previous',
  'state',
  'url',
  'run',
  'actor',
  'reason',
] as const

/** One of {@link messagePlaceholders}. */
export type MessagePlaceholder = (typeof messagePlaceholders)[number]

const placeholder = /\{\{([^{}]*)\}\}/g

/** The names between `{{` and `}}` that no message knows. */
export function unknownPlaceholders(template: string): readonly string[] {
  const known: readonly string[] = messagePlaceholders
  return [...template.matchAll(placeholder)].map(([, name = '']) => name.trim()).filter(name => !known.includes(name))
}

/**
 * Fills in a message, once: what a value holds is text, and is not looked at again.
 *
 * @param values - already fit for where the message is shown: reasons and names come from strangers
 */
export function fillMessage(template: string, values: Readonly<Record<MessagePlaceholder, string>>): string {
  return template.replace(placeholder, (written: string, name: string) => {
    const known = messagePlaceholders.find(one => one === name.trim())
    return known === undefined ? written : values[known]
  })
}
