/** The smallest ring file, with more keys below one of its parts. Two spaces of indentation per level are added to `more`. */
export function smallRingFile(more: {
  readonly file?: string
  readonly solution?: string
  readonly component?: string
  readonly ring?: string
  readonly rings?: string
}): string {
  return [
    'version: 1',
    ...indented(more.file, ''),
    'solutions:',
    '  support:',
    ...indented(more.solution, '    '),
    '    components:',
    '      triage:',
    '        kind: agent',
    ...indented(more.component, '        '),
    '    rings:',
    '      dev:',
    '        deploy: { target: command, run: ./deploy.sh }',
    ...indented(more.ring, '        '),
    ...indented(more.rings, '      '),
    '',
  ].join('\n')
}

function indented(text: string | undefined, by: string): readonly string[] {
  return text === undefined ? [] : text.split('\n').map(line => by + line)
}
