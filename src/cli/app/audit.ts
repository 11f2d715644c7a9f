import * as z from 'zod'
import { exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { findApp } from './ask-app.ts'

const auditAnswer = z.object({
  chain: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('whole'), entries: z.number(), head: z.string() }),
    z.object({ kind: z.literal('broken'), seq: z.number(), differs: z.string(), words: z.string() }),
  ]),
})

/** `ringway audit verify` through the App: it reads the chain of the installation that the repository belongs to. */
export async function verifyThroughApp(terminal: Terminal): Promise<number> {
  const { chain } = await findApp(process.env).ask(auditAnswer, 'GET /audit?verify=true&limit=1')
  if (chain.kind === 'whole') {
    const entries = `${chain.entries} ${chain.entries === 1 ? 'entry' : 'entries'}`
    terminal.say(`${entries}, whole; its head is ${chain.head}`)
    terminal.result({ ok: true, reason_code: 'ok', entries: chain.entries, head: chain.head })
    return exitCodes.ok
  }
  terminal.say(`Broken at entry ${chain.seq}. ${chain.words}`)
  const { seq, differs, words } = chain
  terminal.result({ ok: false, reason_code: 'audit_chain_broken', broken_seq: seq, differs, message: words })
  return exitCodes.no
}
