import { compileSolution } from '../engine/compile-solution.ts'
import { findSolution } from '../engine/find-solution.ts'
import { readOwnRings } from '../engine/read-rings.ts'
import { sayBytes } from '../text/duration.ts'
import { composeLocal, type LocalOptions } from './compose-local.ts'
import { exitCodes } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

/** `ringway build`: builds the working tree as the job would. What it publishes is a draft: it has no number and is deployed nowhere. */
export async function build(
  terminal: Terminal,
  options: LocalOptions & { readonly solution: string | undefined },
): Promise<number> {
  const ports = composeLocal(terminal, options)
  try {
    const rings = await readOwnRings(ports)
    const { ringFile } = rings
    const solutions = options.solution === undefined ? ringFile.solutions : [findSolution(ringFile, options.solution)]
    const compiled = []
    for (const solution of solutions) compiled.push(await compileSolution(ports, solution, rings))
    const built = []
    for (const { solution, request } of compiled) {
      const { artifact, existed, uploadedBytes } = await ports.artifacts.publish(request)
      const { files, components } = artifact.manifest
      built.push({
        solution: solution.name,
        digest: artifact.digest,
        content: artifact.content,
        files: files.length,
        uploaded_bytes: uploadedBytes,
        existed,
      })
      terminal.say(`${solution.name}  ${artifact.digest}`)
      terminal.say(`  content   ${artifact.content}`)
      terminal.say(
        `  holds     ${components.length} components, ${files.length} files, ${sayBytes(files.reduce((sum, file) => sum + file.size, 0))}`,
      )
      terminal.say(
        `  ${existed ? 'was there  ' : 'written to '}${ports.artifacts.location}${existed ? '' : ` (${sayBytes(uploadedBytes)})`}`,
      )
    }
    terminal.result({ ok: true, store: ports.artifacts.location, solutions: built })
    return exitCodes.ok
  } finally {
    ports.close()
  }
}
