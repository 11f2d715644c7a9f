/** A line of a requirements file that names no exact version. */
export interface LooseRequirement {
  /** From 1. */
  readonly line: number
  /** The requirement as it stands there. */
  readonly text: string
}

/** Whether a file is read by pip: `requirements.txt`, `requirements-dev.txt`, `requirements/base.txt`. */
export function isRequirementsFile(path: string): boolean {
  return /(?:^|\/)(?:requirements(?:[-_.][\w.-]+)?|requirements\/[\w.-]+)\.txt$/.test(path)
}

/**
 * The lines of a requirements file that do not say exactly what will be installed.
 *
 * Source: pip, "Requirements File Format"; Python packaging, "Dependency specifiers".
 */
export function looseRequirements(text: string): readonly LooseRequirement[] {
  return logicalLines(text).flatMap(({ line, text: written }) => {
    const requirement = written.replace(/(?:^|\s)#.*$/, '').trim()
    return requirement === '' || isExact(requirement) ? [] : [{ line, text: requirement }]
  })
}

function isExact(requirement: string): boolean {
  const editable = /^(?:-e|--editable)[= ]\s*(.*)$/.exec(requirement)
  if (editable !== null) return isExact(editable[1] ?? '')
  // Other options name further files, indexes and the like; the files that they name are looked at by themselves.
  if (requirement.startsWith('-')) return true
  if (/^\.{0,2}\//.test(requirement) || requirement === '.') return true
  const source = /(?:^|@\s*)((?:git|hg|svn|bzr)\+\S+|https?:\/\/\S+|file:\S+)/.exec(requirement)?.[1]
  if (source !== undefined) return isFixedSource(source)
  // One blank instead of many, because the pattern allows them in several places: a long run of them would be divided in every way.
  const [specifier = ''] = requirement.replace(/\s+/g, ' ').split(';')
  return /^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*\(?\s*={2,3}\s*[^\s*,<>=!~]+\s*\)?(?:\s+--hash=\S+)*\s*$/.test(
    specifier,
  )
}

/** A commit, or a file with its hash, is the same for ever; a branch, a tag or a bare URL is not. */
function isFixedSource(source: string): boolean {
  if (source.startsWith('file:')) return true
  if (/^https?:/.test(source)) return /#(?:.*&)?sha(?:256|384|512)=[0-9a-f]{64,128}/.test(source)
  return /@[0-9a-f]{40}(?:#|$)/.test(source)
}

/** Lines that end in `\` go on in the next one. */
function logicalLines(text: string): readonly { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = []
  let open = false
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const part = line.replace(/\\$/, ' ')
    const last = found.at(-1)
    if (open && last !== undefined) last.text += part
    else found.push({ line: index + 1, text: part })
    open = line.endsWith('\\')
  }
  return found
}
