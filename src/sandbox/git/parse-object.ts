import type { GitCommit, GitPerson, GitTag } from './git-object.ts'

/** Splits the raw text of a commit or tag object into its headers and its message. */
function splitObject(raw: string): { headers: Map<string, string[]>; message: string } {
  const end = raw.indexOf('\n\n')
  const head = end === -1 ? raw : raw.slice(0, end)
  const headers = new Map<string, string[]>()
  for (const line of head.split('\n')) {
    // A line that starts with a space continues a multi-line header (a signature), which nobody here asks for.
    if (line.startsWith(' ')) continue
    const space = line.indexOf(' ')
    const key = line.slice(0, space)
    headers.set(key, [...(headers.get(key) ?? []), line.slice(space + 1)])
  }
  return { headers, message: end === -1 ? '' : raw.slice(end + 2) }
}

function parsePerson(text: string): GitPerson {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(text)
  if (match === null) throw new TypeError(`expected "name <email> seconds zone" in a git object, got "${text}"`)
  const [, name = '', email = '', seconds = '0'] = match
  return { name, email, date: new Date(Number(seconds) * 1000) }
}

function header(headers: Map<string, string[]>, key: string): string {
  const value = headers.get(key)?.[0]
  if (value === undefined) throw new TypeError(`expected a "${key}" header in a git object, found none`)
  return value
}

export function parseCommit(sha: string, raw: string): GitCommit {
  const { headers, message } = splitObject(raw)
  return {
    sha,
    tree: header(headers, 'tree'),
    parents: headers.get('parent') ?? [],
    author: parsePerson(header(headers, 'author')),
    committer: parsePerson(header(headers, 'committer')),
    message: message.replace(/\n$/, ''),
  }
}

export function parseTag(sha: string, raw: string): GitTag {
  const { headers, message } = splitObject(raw)
  return {
    sha,
    tag: header(headers, 'tag'),
    message: message.replace(/\n$/, ''),
    tagger: parsePerson(header(headers, 'tagger')),
    object: { sha: header(headers, 'object'), type: header(headers, 'type') },
  }
}

/** The objects in the output of `cat-file --batch`: a line with sha, type and size, then the content, then a newline. */
export function splitBatch(output: Buffer): { sha: string; content: string }[] {
  const objects: { sha: string; content: string }[] = []
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at)
    const header = output.subarray(at, end).toString('utf8')
    const [sha = '', , size = ''] = header.split(' ')
    if (!/^\d+$/.test(size)) throw new TypeError(`expected "sha type size" from git, got "${header}"`)
    objects.push({ sha, content: output.subarray(end + 1, end + 1 + Number(size)).toString('utf8') })
    at = end + 2 + Number(size)
  }
  return objects
}
