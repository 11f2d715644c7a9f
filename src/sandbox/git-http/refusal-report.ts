import type { RefChange } from '../pushes/ref-change.ts'

/** A line of git's packet protocol: its length in four hex digits, itself included. */
function packet(payload: Buffer | string): Buffer {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes])
}

const FLUSH = Buffer.from('0000')
/** Band 1 of the side-band protocol, which every git since 2009 asks for, carries the report. */
const REPORT_BAND = Buffer.from([1])

/** The answer to a push that took some refs and refused others, as `git push` prints it. */
export function refusalReport(outcome: {
  changes: readonly RefChange[]
  refused: ReadonlyMap<string, string>
}): Buffer {
  const lines = outcome.changes.map(({ name }) => {
    const reason = outcome.refused.get(name)
    return packet(reason === undefined ? `ok ${name}\n` : `ng ${name} ${reason}\n`)
  })
  const report = Buffer.concat([packet('unpack ok\n'), ...lines, FLUSH])
  return Buffer.concat([packet(Buffer.concat([REPORT_BAND, report])), FLUSH])
}
