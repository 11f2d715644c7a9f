/** A way to declare dependencies, and the files that lock them. */
export interface DependencyKind {
  /** The name of the manifest's file. */
  readonly manifest: RegExp
  /** Names of lock files; one of them beside the manifest or above it suffices. */
  readonly locks: readonly string[]
  /** Whether the text of a manifest declares any dependency at all. */
  readonly declares: (text: string) => boolean
  /** The command that writes the lock. */
  readonly remedy: string
}

/** Package managers whose dependencies are locked by a file of its own. */
export const dependencyKinds: readonly DependencyKind[] = [
  {
    manifest: /^package\.json$/,
    locks: ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'],
    declares: declaresPackages,
    remedy: 'npm install --package-lock-only',
  },
  {
    manifest: /^pyproject\.toml$/,
    locks: ['uv.lock', 'poetry.lock', 'pdm.lock', 'pylock.toml', 'requirements.txt'],
    declares: text =>
      /^[ \t]*dependencies[ \t]*=[ \t]*\[\s*(?:#[^\n]*\s*)*["']/m.test(text) ||
      hasEntries(text, 'tool.poetry.dependencies', /^python\s*=/),
    remedy: 'uv lock',
  },
  {
    manifest: /^Pipfile$/,
    locks: ['Pipfile.lock'],
    declares: text => hasEntries(text, 'packages'),
    remedy: 'pipenv lock',
  },
  {
    manifest: /^go\.mod$/,
    locks: ['go.sum'],
    declares: text => /^[ \t]*require[ \t(]/m.test(text),
    remedy: 'go mod tidy',
  },
  {
    manifest: /^Cargo\.toml$/,
    locks: ['Cargo.lock'],
    declares: text => hasEntries(text, 'dependencies') || /^\[dependencies\./m.test(text),
    remedy: 'cargo generate-lockfile',
  },
  {
    manifest: /^Gemfile$/,
    locks: ['Gemfile.lock'],
    declares: text => /^[ \t]*gem[ \t(]/m.test(text),
    remedy: 'bundle lock',
  },
  {
    manifest: /^composer\.json$/,
    locks: ['composer.lock'],
    declares: text => declaresUnder(text, ['require'], name => name.includes('/')),
    remedy: 'composer update --lock',
  },
  {
    manifest: /^mix\.exs$/,
    locks: ['mix.lock'],
    declares: text => /\{\s*:[a-z_]+\s*,/.test(text),
    remedy: 'mix deps.get',
  },
]

/** Directories that hold what package managers installed: the manifests in them are others'. */
const installed = /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|\.venv|venv|\.git)\//

/** Whether a path is one of the solution's own, and not of a dependency that lies in the tree. */
export function isOwnPath(path: string): boolean {
  return !installed.test(path)
}

function declaresPackages(text: string): boolean {
  // A dependency inside the tree has nothing to lock.
  const isForeign = (_name: string, version: unknown): boolean =>
    typeof version !== 'string' || !/^(?:file|link|workspace):/.test(version)
  return declaresUnder(text, ['dependencies', 'devDependencies', 'optionalDependencies'], isForeign)
}

function declaresUnder(
  text: string,
  keys: readonly string[],
  counts: (name: string, version: unknown) => boolean,
): boolean {
  const parsed = parsedJson(text)
  // What cannot be read may declare anything: then a lock is asked for.
  if (typeof parsed !== 'object' || parsed === null) return true
  const entries = new Map<string, unknown>(Object.entries(parsed))
  return keys.some(key => {
    const declared = entries.get(key)
    return (
      typeof declared === 'object' &&
      declared !== null &&
      Object.entries(declared).some(([name, version]) => counts(name, version))
    )
  })
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a section of a TOML file has an entry, besides those that `ignored` matches. */
function hasEntries(text: string, section: string, ignored?: RegExp): boolean {
  const start = text.split(/\r?\n/).findIndex(line => line.trim() === `[${section}]`)
  if (start < 0) return false
  const rest = text.split(/\r?\n/).slice(start + 1)
  const end = rest.findIndex(line => line.trim().startsWith('['))
  const lines = (end < 0 ? rest : rest.slice(0, end)).map(line => line.trim())
  return lines.some(line => /^["']?[A-Za-z0-9_.-]+["']?\s*=/.test(line) && ignored?.test(line) !== true)
}
