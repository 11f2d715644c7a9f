/**
 * Puts generated text between its markers and leaves the prose around them alone:
 *
 *     <!-- generated: inputs -->
 *     …
 *     <!-- end of inputs -->
 *
 * @param page - the page as it stands, with one pair of markers for each block
 * @param blocks - the text of each block, by name
 */
export function fillBlocks(page: string, blocks: Readonly<Record<string, string>>): string {
  const missing = Object.keys(blocks).filter(name => !page.includes(beginOf(name)) || !page.includes(endOf(name)))
  if (missing.length > 0)
    throw new Error(`No markers for ${missing.join(', ')}: write ${beginOf(missing[0] ?? '')} and its end.`)
  const unknown = [...page.matchAll(/<!-- generated: ([\w-]+) -->/g)].filter(([, name = '']) => !(name in blocks))
  if (unknown.length > 0) throw new Error(`Nothing generates ${unknown.map(([marker]) => marker).join(', ')}.`)
  return Object.entries(blocks).reduce((text, [name, block]) => {
    const [from, to] = [text.indexOf(beginOf(name)), text.indexOf(endOf(name))]
    return `${text.slice(0, from)}${beginOf(name)}\n\n${block.trim()}\n\n${text.slice(to)}`
  }, page)
}

function beginOf(name: string): string {
  return `<!-- generated: ${name} -->`
}

function endOf(name: string): string {
  return `<!-- end of ${name} -->`
}
