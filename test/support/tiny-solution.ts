import { orderScript } from './bench-machine.ts'

/** A ring of a tiny solution; what is not given is the plainest. */
export interface TinyRing {
  readonly name: string
  /** Lines of YAML at the ring's own indentation, as `after: dev`. */
  readonly lines?: readonly string[]
}

/** dev by push, staging by itself, production by hand: the flow that the README draws. */
export const threeRings: readonly TinyRing[] = [
  { name: 'dev', lines: ['deploy-on: push'] },
  { name: 'staging', lines: ['after: dev', 'promote: auto'] },
  { name: 'production', lines: ['after: staging'] },
]

const deploy = 'deploy: { target: command, run: ./order.sh, activate: ./order.sh, rollback: ./order.sh }'
const checks = 'checks: [ { http: /healthz, within: 3s }, { run: ./order.sh, within: 20s } ]'

/** A ring file of solutions with one component each, whose commands and checks ask the machine. */
export function tinyRingFile(solutions: Readonly<Record<string, readonly TinyRing[]>>): string {
  const rings = (one: readonly TinyRing[]): string => one.map(({ name, lines = [] }) => ringText(name, lines)).join('')
  const all = Object.entries(solutions).map(
    ([name, its]) =>
      `  ${name}:\n    path: ${name}\n    components: { app: { kind: code, exec: ./order.sh } }\n    rings:\n${rings(its)}`,
  )
  return `version: 1\nsolutions:\n${all.join('')}`
}

function ringText(name: string, lines: readonly string[]): string {
  const own = (key: string): boolean => lines.some(line => line.startsWith(`${key}:`))
  const usual = [own('deploy') ? [] : deploy, own('checks') ? [] : checks].flat()
  return `      ${name}:\n${[...lines, ...usual].map(line => `        ${line}\n`).join('')}`
}

/** The files of a solution of {@link tinyRingFile}: all that tells two versions apart is `app.txt`. */
export function tinySolution(name: string, content: string): Record<string, string> {
  return { [`${name}/app.txt`]: `${content}\n`, [`${name}/order.sh`]: orderScript }
}
