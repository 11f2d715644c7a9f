import { commandNames } from '../domain/command/command.ts'
import { defaultVerbs, type VerbTable, verbOf } from '../domain/command/verbs.ts'

const named = new Map(commandNames.map(name => [verbOf(defaultVerbs, name), name]))

/**
 * Names commands as the repository does. Everything that Ringway says names them by their usual words, as code: `/promote staging`; what people wrote is
 * escaped and holds no code. A command that is off keeps its usual word.
 */
export function inOwnVerbs(markdown: string, verbs: VerbTable): string {
  return markdown.replace(/`(\/[a-z]+)(?=[ `])/g, (code, usual: string) => {
    const name = named.get(usual)
    return name === undefined ? code : `\`${verbOf(verbs, name) ?? usual}`
  })
}
