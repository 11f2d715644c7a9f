/** A line of a comment, and where the text after it begins. */
export interface CommentLine {
  readonly text: string
  readonly end: number
}

/** The first line that holds more than spaces and tabs; undefined when there is none. */
export function firstLine(body: string): CommentLine | undefined {
  const at = body.search(/[^ \t\r\n]/)
  if (at < 0) return undefined
  const from = Math.max(body.lastIndexOf('\n', at), body.lastIndexOf('\r', at)) + 1
  const { value } = linesFrom(body, from).next()
  return value
}

/**
 * The lines from `start` on that people read as the writer's own words: not those in code fences, quotes, indented code, HTML comments or
 * folded details.
 */
export function* spokenLines(body: string, start: number): Generator<string> {
  let closes: Closing | undefined
  for (const { text } of linesFrom(body, start)) {
    if (closes === undefined) {
      closes = closingOf(text)
      if (closes === undefined && !/^(?: {0,3}>| {4}| {0,3}\t)/.test(text)) yield text
    } else if (closes(text)) {
      closes = undefined
    }
  }
}

/** Whether a line closes what an earlier one opened. */
type Closing = (line: string) => boolean

/** What closes the hidden part that a line opens and does not close itself. */
function closingOf(line: string): Closing | undefined {
  if (!/[<`~]/.test(line)) return undefined
  const fence = fenceOf(line)
  // A longer run of the same sign closes a fence too, and nothing follows it.
  if (fence !== undefined) return end => fenceOf(end)?.startsWith(fence) === true && /^[ `~]*[ \t]*$/.test(end)
  if (line.lastIndexOf('<!--') > line.lastIndexOf('-->')) return end => end.includes('-->')
  const folded = line.toLowerCase()
  return folded.lastIndexOf('<details') > folded.lastIndexOf('</details>')
    ? end => end.toLowerCase().includes('</details>')
    : undefined
}

function fenceOf(line: string): string | undefined {
  return /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
}

function* linesFrom(body: string, start: number): Generator<CommentLine, undefined> {
  const breaks = /\r\n|\n|\r/g
  breaks.lastIndex = start
  let from = start
  for (let found = breaks.exec(body); found !== null; found = breaks.exec(body)) {
    yield { text: body.slice(from, found.index), end: breaks.lastIndex }
    from = breaks.lastIndex
  }
  yield { text: body.slice(from), end: body.length }
  return undefined
}
