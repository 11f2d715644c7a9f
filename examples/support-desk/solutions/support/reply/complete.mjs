/**
 * Stands where a call to a language model would stand, and costs nothing: it takes the part of the prompt that fits the outcome and
 * fills it in. The same facts always give the same answer.
 *
 * @param {string} prompt with a section `## <outcome>` for each outcome
 * @param {{ outcome: string } & Record<string, string | number>} facts
 */
export function complete(prompt, { outcome, ...facts }) {
  const sections = new Map(prompt.split(/^## /m).slice(1).map(readSection))
  const section = sections.get(outcome) ?? sections.get('other')
  const text = section.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => String(facts[name] ?? ''))
  return `${text}\nThe support desk`
}

function readSection(section) {
  const [outcome, ...lines] = section.split('\n')
  return [outcome, lines.join('\n').trim()]
}
