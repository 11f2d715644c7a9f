import { environmentVariables } from '../../app/env.ts'
import { appEvents, appPermissions } from '../../src/domain/app-needs.ts'
import { markdownTable } from './markdown-table.ts'

/** What of `docs/app.md` comes from the source. */
export function appBlocks(): Readonly<Record<string, string>> {
  return {
    variables: markdownTable(
      ['variable', 'meaning', 'default'],
      Object.entries(environmentVariables).map(([name, { description, default: usual, isSecret }]) => [
        `\`${name}\``,
        isSecret ? `${description} Secret.` : description,
        usual === '' ? '–' : `\`${usual}\``,
      ]),
    ),
    permissions: markdownTable(
      ['permission', 'level', 'why'],
      Object.entries(appPermissions).map(([key, { name, level, why }]) => [`${name} (\`${key}\`)`, level, why]),
    ),
    'webhook-events': markdownTable(
      ['event', 'tells'],
      Object.entries(appEvents).map(([name, tells]) => [`\`${name}\``, tells]),
    ),
  }
}
