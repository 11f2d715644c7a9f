import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkDirectory } from '../../ports/work-directory.ts'

/** Room below `parent` for one run; `close` takes it away with everything in it. */
export function openWorkDirectory(parent: string): WorkDirectory & { close(): void } {
  mkdirSync(parent, { recursive: true })
  const root = mkdtempSync(join(parent, 'ringway-'))
  let used = 0
  return {
    path(name) {
      used += 1
      return join(root, `${name}-${used}`)
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}
