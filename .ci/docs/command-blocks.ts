import { commandNames } from '../../src/domain/command/command.ts'
import { usageExample, usageLine, usages } from '../../src/domain/command/usage.ts'
import { defaultVerbs } from '../../src/domain/command/verbs.ts'
import { usualRoles } from '../../src/domain/policy/ring-grants.ts'
import { markdownTable } from './markdown-table.ts'

/** What of `docs/commands.md` comes from the source. */
export function commandBlocks(): Readonly<Record<string, string>> {
  return {
    commands: markdownTable(
      ['command', 'what it does', 'such as'],
      commandNames.map(name => [
        `\`${usageLine(name, defaultVerbs)}\``,
        usages[name].sentence,
        `\`${usageExample(name, defaultVerbs)}\``,
      ]),
    ),
    roles: markdownTable(
      ['action', 'usual role'],
      Object.entries(usualRoles).map(([action, role]) => [`\`${action}\``, `\`${role}\``]),
    ),
  }
}
