import { readFile } from 'node:fs/promises'
import { BadInput, serveJson } from '../serving/json-server.mjs'
import { readRefundPolicy } from './refund-policy.mjs'
import { runRefund } from './run-refund.mjs'

const reasons = JSON.parse(await readFile(new URL('../reasons/refund-reasons.json', import.meta.url), 'utf8'))
const { policy, problem } = tryToReadPolicy()

serveJson({
  routes: {
    'POST /refund': ({ body }) => {
      if (policy === undefined) throw new Error(problem)
      return runRefund(readRequest(body), { policy, reasons })
    },
  },
  health: () => ({ isWell: problem === undefined, ...policy, ...(problem === undefined ? {} : { problem }) }),
})

/** Configured wrongly, it comes up and says so: whoever asks for its health reads the reason, not a stack in a log. */
function tryToReadPolicy() {
  try {
    return { policy: readRefundPolicy(process.env) }
  } catch (error) {
    return { problem: error.message }
  }
}

function readRequest({ order, amount, reason } = {}) {
  if (typeof order !== 'string' || typeof reason !== 'string' || !Number.isFinite(amount) || amount < 0) {
    throw new BadInput('expected {"order": "A-1", "amount": 19.9, "reason": "damaged"}, the amount in euros')
  }
  return { order, amount, reason }
}
