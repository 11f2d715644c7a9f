import type { Finding } from '../problem.ts'
import { isMap, valueAt } from '../yaml/yaml-tree.ts'
import type { Declared } from './declared.ts'

/** A ring says how versions are placed, or follows one that does. */
export function deployFindings(ring: Declared): readonly Finding[] {
  const deploy = valueAt(ring.value, ['deploy'])
  if (deploy === undefined && isMap(ring.value) && valueAt(ring.value, ['after']) === undefined) {
    return [
      {
        at: [...ring.at, 'deploy'],
        part: 'key',
        code: 'missing_key',
        message: '`deploy` is missing in a first ring. Write `deploy: { target: command, run: ./deploy.sh }`.',
        suggestion: 'deploy: { target: command, run: ./deploy.sh }',
      },
    ]
  }
  if (valueAt(deploy, ['target']) !== 'command' || valueAt(deploy, ['run']) !== undefined) return []
  return [
    {
      at: [...ring.at, 'deploy', 'run'],
      part: 'key',
      code: 'missing_key',
      message: '`run` is missing in `deploy`; the target `command` places a version by it, as in `run: ./deploy.sh`.',
      suggestion: 'run: ./deploy.sh',
    },
  ]
}
