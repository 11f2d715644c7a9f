// Starts a TypeScript entry of this repository on Node 24, whatever Node the machine has.
// Plain JavaScript without dependencies: it must run on a fresh clone, before anything is installed, on Node 20.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process, { arch, argv, env, execPath, exit, kill, pid, platform, versions } from 'node:process'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const oldestNode = 24

/** What package-lock.json asks for and node_modules does not have, as `path@version`. */
function missingPackages({ dev }) {
  const read = path => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {})
  const wanted = read(join(root, 'package-lock.json'))
  const present = read(join(root, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && (dev || !entry.dev))
    .filter(([path, entry]) => present[path]?.version !== entry.version)
    .map(([path, entry]) => `${path}@${entry.version}`)
}

/**
 * Installs what the lock file names, if it is not there yet.
 *
 * @param {{ dev: boolean }} options - `dev`: with the tools that tests and checks need (1 GB), else the product alone
 */
export function ensureInstalled({ dev }) {
  const isClone = existsSync(join(root, 'package-lock.json'))
  if (!isClone || missingPackages({ dev }).length === 0) return
  const args = dev ? ['ci'] : ['ci', '--omit=dev']
  console.error(`Installing the packages of package-lock.json (npm ${args.join(' ')}) …`)
  const npm = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: platform === 'win32',
  })
  if (npm.status === 0) return
  console.error(`npm ${args.join(' ')} failed. Run it in ${root} to see why, then type the command again.`)
  exit(1)
}

/** The path of a Node that is new enough: the running one, else the pinned binary from npm. */
export function findNode() {
  if (Number(versions.node.split('.')[0]) >= oldestNode) return execPath
  const pinned = join(root, 'node_modules', `node-${platform}-${arch}`, 'bin', 'node')
  if (existsSync(pinned)) return pinned
  console.error(
    `Ringway needs Node ${oldestNode} or newer; this is ${versions.node}, and npm installed no binary for ${platform}-${arch}.`,
  )
  console.error(`Install Node ${oldestNode} from https://nodejs.org and type the command again.`)
  exit(1)
}

/**
 * Runs one entry to its end, passes signals on, and ends as it ended.
 *
 * @param {{ entry: string, args: string[] }} start - `entry`: relative to the repository
 */
export function run({ entry, args }) {
  const node = findNode()
  const child = spawn(node, [join(root, entry), ...args], {
    stdio: 'inherit',
    // Child processes that say `node` get the same one.
    env: { ...env, PATH: `${dirname(node)}${platform === 'win32' ? ';' : ':'}${env.PATH ?? ''}` },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) exit(code ?? 1)
    process.removeAllListeners(signal)
    kill(pid, signal)
  })
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [first, ...rest] = argv.slice(2)
  const dev = first === '--dev'
  const [entry, ...args] = dev ? rest : [first, ...rest]
  ensureInstalled({ dev })
  run({ entry, args })
}
