// Runs before the Action and writes down each file that Node.js loads for it, until the first request leaves.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

let hasAsked = false
subscribe('undici:client:sendHeaders', () => {
  hasAsked = true
})
registerHooks({
  load(url, context, next) {
    if (!hasAsked) appendFileSync(process.env.RINGWAY_BENCH_LOADED, `${url}\n`)
    return next(url, context)
  },
})
