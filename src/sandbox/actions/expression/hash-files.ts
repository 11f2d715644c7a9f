import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ExpressionFunction } from './evaluate-expression.ts'
import { textOfJson } from './evaluate-expression.ts'

/**
 * `hashFiles(pattern, …)`: the SHA-256 over the SHA-256 of every matching file of the workspace, in the order of their
 * paths; the empty string when nothing matches. A pattern that begins with `!` takes files away.
 */
export function hashFiles(workspace: string): ExpressionFunction {
  return {
    name: 'hashfiles',
    minArgs: 1,
    maxArgs: 255,
    call: args => hashMatching(workspace, args.map(textOfJson)),
  }
}

function hashMatching(workspace: string, patterns: readonly string[]): string {
  const selected = new Set<string>()
  for (const line of patterns.flatMap(pattern => pattern.split('\n')).map(line => line.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const matches = globSync(line.replace(/^!/, ''), { cwd: workspace })
    for (const path of matches) {
      if (line.startsWith('!')) selected.delete(path)
      else if (statSync(join(workspace, path), { throwIfNoEntry: false })?.isFile()) selected.add(path)
    }
  }
  if (selected.size === 0) return ''
  const whole = createHash('sha256')
  for (const path of [...selected].sort()) {
    whole.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, path)))
        .digest(),
    )
  }
  return whole.digest('hex')
}
