import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Json } from '../expression/json.ts'

/** The directories of one job, arranged as on GitHub's runner; all of them lie in one that is the job's own. */
export interface JobDirectories {
  readonly workspace: string
  readonly temp: string
  readonly tools: string
  readonly home: string
  readonly fileCommands: string
  readonly eventFile: string
}

export function jobDirectories(root: string, repository: string): JobDirectories {
  const name = basename(repository)
  return {
    workspace: join(root, 'work', name, name),
    temp: join(root, 'work', '_temp'),
    tools: join(root, 'work', '_tool'),
    // Per job: `git config --global` of a step must not reach the person whose machine this is.
    home: join(root, 'home'),
    fileCommands: join(root, 'work', '_temp', '_runner_file_commands'),
    eventFile: join(root, 'work', '_temp', '_github_workflow', 'event.json'),
  }
}

export async function prepareJobDirectories(directories: JobDirectories, event: Json): Promise<void> {
  const { workspace, temp, tools, home, eventFile } = directories
  const all = [workspace, temp, tools, home, join(eventFile, '..')]
  await Promise.all(all.map(directory => mkdir(directory, { recursive: true })))
  await writeFile(eventFile, JSON.stringify(event, null, 2))
}
