import { delimiter, dirname } from 'node:path'

/** What a component may know of the machine's own environment. A token of whoever started the machine is not among it. */
const inherited = ['HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']

/**
 * The environment of one component: the ring's configuration, and who it is.
 * @param {object} version the version that it belongs to
 * @param {string} component its name
 * @param {string} url where its version answers: through it, components call each other
 */
export function componentEnvironment({ version, component, url }) {
  // Where the machine is and how to prove oneself to it is for whoever deploys.
  const configuration = Object.entries(version.configuration).filter(([name]) => !name.startsWith('MACHINE'))
  return {
    ...Object.fromEntries(inherited.flatMap(name => (name in process.env ? [[name, process.env[name]]] : []))),
    PATH: searchPath,
    ...Object.fromEntries(configuration.map(([name, value]) => [name, String(value)])),
    RINGWAY_SOLUTION: version.solution,
    RINGWAY_RING: version.ring,
    RINGWAY_VERSION: version.version,
    RINGWAY_DIGEST: version.digest,
    RINGWAY_COMPONENT: component,
    RINGWAY_URL: url,
  }
}

/** Where commands are looked for: `node` is there even when the machine was started by its full path. */
export const searchPath = [dirname(process.execPath), process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter)
