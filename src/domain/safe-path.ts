/** Why a path may not stand in an artifact. */
export type PathRule =
  | 'empty_path'
  | 'absolute_path'
  | 'parent_path'
  | 'backslash'
  | 'control_character'
  | 'drive_path'
  | 'long_segment'
  | 'not_normalised'

/**
 * The first rule that a path of an artifact breaks; undefined for a good one. A good path stays below its directory on every system: it
 * is relative, has no empty, `.` or `..` segment, no backslash, no drive, no control character, and is in Unicode's NFC form.
 */
export function brokenPathRule(path: string): PathRule | undefined {
  if (path === '') return 'empty_path'
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
  for (const path of paths) {
    const file = directories(folded(path)).map(directory => files.get(directory))
    const other = file.find(one => one !== undefined)
    if (other !== undefined) collisions.push([other, path])
  }
  return collisions
}

/** Upper case first, because some letters have several lower-case forms. */
function folded(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}

/** `a` and `a/b` of `a/b/c` */
function directories(path: string): readonly string[] {
  const parents: string[] = []
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) parents.push(path.slice(0, at))
  return parents
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
