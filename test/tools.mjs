// Programs that the tests use and npm does not have. Installed with apt where that is possible, else named.
import { spawnSync } from 'node:child_process'
import { env, exit, getuid, platform } from 'node:process'

/** Each program with its Debian package and what it is for. */
const tools = [
  { program: 'git', probe: ['--version'], debian: 'git', purpose: 'repositories are real git' },
  { program: 'skopeo', probe: ['--version'], debian: 'skopeo', purpose: 'a reader of image layouts that is not ours' },
  { program: 'docker-registry', probe: ['--version'], debian: 'docker-registry', purpose: 'a real OCI registry' },
]

const works = ({ program, probe }) => spawnSync(program, probe, { stdio: 'ignore' }).error === undefined

/** Installs missing programs, or ends the process saying what to type. With CI=true nothing may be missing. */
export function ensureTools() {
  const missing = tools.filter(tool => !works(tool))
  if (missing.length === 0) return
  const packages = missing.map(tool => tool.debian)
  if (
    platform === 'linux' &&
    getuid?.() === 0 &&
    spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
  ) {
    console.error(`Installing ${packages.join(', ')} with apt-get …`)
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 2] })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 2],
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
  const still = missing.filter(tool => !works(tool))
  if (still.length === 0) return
  for (const tool of still) console.error(`The tests need \`${tool.program}\` (${tool.purpose}).`)
  console.error(`On Debian or Ubuntu: sudo apt-get install ${still.map(tool => tool.debian).join(' ')}`)
  exit(1)
}
