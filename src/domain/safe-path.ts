/** Why a path may not stand in an artifact. */
export type PathRule =
  | 'empty_path'
  | 'absolute_path'
  | 'parent_path'
  | 'backslash'
  | 'control_character'
  | 'drive_path'
  | 'long_path'
  | 'long_segment'
  | 'not_normalised'

/** Characters. Systems take 4,096 bytes, with the directory that it is unpacked into. */
const longestPath = 1_024

/**
 * The first rule that a path of an artifact breaks; undefined for a good one. A good path stays below its directory on every system: it
 * is relative and not too long, has no empty, `.` or `..` segment, no backslash, no drive, no control character, and is in Unicode's NFC form.
 */
export function brokenPathRule(path: string): PathRule | undefined {
  if (path === '') return 'empty_path'
  // First, so that nothing below takes long for a name that was made to.
  if (path.length > longestPath) return 'long_path'
  // NUL ends a name for the kernel; the others forge lines in logs and terminals.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'control_character'
  if (path.includes('\\')) return 'backslash'
  if (path.startsWith('/')) return 'absolute_path'
  if (/^[A-Za-z]:/.test(path)) return 'drive_path'
  const segments = path.split('/')
  if (segments.includes('..')) return 'parent_path'
  if (segments.includes('') || segments.includes('.')) return 'not_normalised'
  if (path !== path.normalize('NFC')) return 'not_normalised'
  // Bytes, as file systems count them: a UTF-16 unit takes at most three.
  if (segments.some(segment => utf8Length(segment) > 255)) return 'long_segment'
  return undefined
}

/**
 * Paths that cannot stand beside each other on every system: those that are one where case or Unicode forms are folded, and a file that
 * would have to be another one's directory.
 */
export function collidingPaths(paths: readonly string[]): readonly (readonly [string, string])[] {
  const files = new Map<string, string>()
  const collisions: [string, string][] = []
  for (const path of paths) {
    const other = files.get(folded(path))
    if (other === undefined) files.set(folded(path), path)
    else collisions.push([other, path])
  }
  const checked = new Map<string, string | undefined>()
  for (const path of paths) {
    const other = fileAmongDirectories(path, { files, checked })
    if (other !== undefined) collisions.push([other, path])
  }
  return collisions
}

/** The file that would have to be a directory of `path`. Directories hold many files, so each is looked at once. */
function fileAmongDirectories(
  path: string,
  known: { readonly files: ReadonlyMap<string, string>; readonly checked: Map<string, string | undefined> },
): string | undefined {
  const { files, checked } = known
  const directory = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
  if (directory === '' || checked.has(directory)) return checked.get(directory)
  const file = fileAmongDirectories(directory, known) ?? files.get(folded(directory))
  checked.set(directory, file)
  return file
}

/** Upper case first, because some letters have several lower-case forms. */
function folded(path: string): string {
  // Nearly all names, and many times faster.
  if (/^[ -~]*$/.test(path)) return path.toLowerCase()
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
