import type { Finding } from '../problem.ts'
import { isList, isMap, valueAt } from '../yaml/yaml-tree.ts'
import type { Declared } from './declared.ts'

const kinds = ['http', 'run', 'evaluation'] as const

/** Each item of `checks` is one check. */
export function checkFindings(ring: Declared): readonly Finding[] {
  const checks = valueAt(ring.value, ['checks'])
  if (!isList(checks)) return []
  return checks.flatMap((check, index): readonly Finding[] => {
    if (!isMap(check)) return []
    const at = [...ring.at, 'checks', index]
    const [first, second] = kinds.filter(kind => valueAt(check, [kind]) !== undefined)
    if (first === undefined) {
      const message = 'A check says what it does: write `http: /healthz` or `run: <command line>`.'
      return [{ at, part: 'value', code: 'missing_key', message, suggestion: 'http: /healthz' }]
    }
    if (second !== undefined) {
      const message = `\`${first}\` and \`${second}\` are two checks; write each as an item of its own.`
      return [{ at: [...at, second], part: 'key', code: 'contradiction', message }]
    }
    if (first !== 'http' && valueAt(check, ['expect']) !== undefined) {
      const message = '`expect` is the HTTP status of an `http` check; remove it here.'
      return [{ at: [...at, 'expect'], part: 'key', code: 'contradiction', message }]
    }
    if (first !== 'run' && valueAt(check, ['retries']) !== undefined) {
      const message = `\`${first}\` is asked until its deadline by itself; \`retries\` belongs to \`run\`, remove it here.`
      return [{ at: [...at, 'retries'], part: 'key', code: 'contradiction', message }]
    }
    return []
  })
}
