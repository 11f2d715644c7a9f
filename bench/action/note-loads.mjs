// Runs before the Action and writes down each file that Node.js loads for it.
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.RINGWAY_BENCH_LOADED, `${url}\n`)
    return next(url, context)
  },
})
