import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/**
 * Lets Node load the JSON schemas of `@actions/workflow-parser`.
 *
 * The package imports them without `with { type: 'json' }`, which Node refuses in native ESM. The hook answers those
 * imports with a JavaScript module of the same value. It is global to the process, therefore it looks at nothing but
 * that package's own JSON, and it must be registered before the package is first imported (dynamically).
 */
registerHooks({
  load(url, context, nextLoad) {
    if (!/\/@actions\/workflow-parser\/[^?]*\.json$/.test(url)) return nextLoad(url, context)
    const source = `export default ${readFileSync(new URL(url), 'utf8')}`
    return { format: 'module', source, shortCircuit: true }
  },
})
