import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readRingFile } from '../config/read-ring-file.ts'
import { missingRingFile } from '../engine/read-rings.ts'
import { exitCodes } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

/** `ringway validate`: every problem of a ring file, with its line. */
export async function validate(terminal: Terminal, options: { readonly ringFile: string }): Promise<number> {
  const path = join(process.cwd(), options.ringFile)
  if (!existsSync(path)) throw missingRingFile(options.ringFile, process.cwd())
  const shown = relative(process.cwd(), path)
  const reading = readRingFile(readFileSync(path, 'utf8'), shown)
  if (reading.ok) {
    const { solutions } = reading.ringFile
    for (const solution of solutions) {
      const rings = solution.rings.map(ring => ring.name).join(' → ')
      terminal.say(`${solution.name}: ${solution.components.length} components, rings ${rings}`)
    }
    terminal.say(`${shown} is valid.`)
    terminal.result({ ok: true, problems: [] })
    return exitCodes.ok
  }
  for (const problem of reading.problems) {
    terminal.say(`${problem.path}:${problem.line ?? 1}:${problem.column ?? 1}: ${problem.message}`)
  }
  const { length } = reading.problems
  terminal.say(`${length} ${length === 1 ? 'problem' : 'problems'}.`)
  terminal.result({ ok: false, problems: reading.problems })
  return exitCodes.no
}
