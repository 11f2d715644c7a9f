import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PublishRequest } from '../../src/ports/artifacts.ts'

/** A file to be published. */
export interface TreeFile {
  readonly content: string | Uint8Array
  readonly executable?: boolean
  readonly component?: string
}

/** Files by their path. */
export type TreeFiles = Readonly<Record<string, TreeFile>>

/** Writes files into `directory` and gives back what asks for them to be published. */
export async function writeTree(directory: string, files: TreeFiles): Promise<PublishRequest> {
  for (const [path, { content, executable }] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content, { mode: executable === true ? 0o755 : 0o644 })
  }
  return {
    directory,
    files: Object.entries(files).map(([path, file]) => ({
      path,
      size: Buffer.from(file.content).length,
      executable: file.executable ?? false,
      component: file.component,
    })),
    locks: [],
    manifest: {
      solution: 'support',
      components: [],
      config: { repository: {}, solution: { LOG_LEVEL: 'info' }, rings: { dev: {} } },
      plan: { order: [] },
    },
    sourceUrl: 'https://github.com/octo/shop',
  }
}
