import { commandNames } from '../../domain/command/command.ts'
import { defaultVerbs } from '../../domain/command/verbs.ts'
import type { Finding } from '../problem.ts'
import { textsAt, valueAt, type YamlValue } from '../yaml/yaml-tree.ts'

/** No word means two commands: neither two that the file gives, nor one that it gives and the usual word of another. */
export function commandFindings(file: YamlValue): readonly Finding[] {
  const commands = valueAt(file, ['commands']) ?? null
  const usual = commandNames.filter(name => valueAt(commands, [name]) === undefined)
  const owners = new Map(usual.flatMap(name => defaultVerbs[name].map(word => [word, name] as const)))
  return commandNames.flatMap(name =>
    textsAt(commands, [name]).flatMap(([index, word]): readonly Finding[] => {
      const owner = owners.get(word)
      if (owner === undefined) {
        owners.set(word, name)
        return []
      }
      const message =
        owner === name
          ? `\`${word}\` stands in \`${name}\` twice; remove one.`
          : `\`${word}\` means \`${owner}\` already; give \`${name}\` a word of its own.`
      return [{ at: ['commands', name, index], part: 'value', code: 'duplicate', message }]
    }),
  )
}
