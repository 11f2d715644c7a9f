import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { codeBlocks, section } from './markdown.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

describe('the README', () => {
  it('shows the workflow that `ringway init` writes, byte for byte', () => {
    expect(codeBlocks(section(readme, 'The workflow'), 'yaml')).toEqual([read('src/cli/init/ringway.yml')])
  })

  it('shows a ring file that is valid, as every page does', () => {
    const shown = pages.flatMap(page =>
      codeBlocks(read(page), 'yaml')
        .filter(text => /^version: 1$/m.test(text))
        .map(text => ({ page, reading: readRingFile(text, page) })),
    )
    expect(shown.map(({ page }) => page)).toContain('README.md')
    expect(shown.filter(({ reading }) => !reading.ok)).toEqual([])
  })

  it('names commands that there are', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))
    const named = [
      ...codeBlocks(section(readme, 'Two commands'), 'sh')
        .join()
        .matchAll(/npm (?:run )?(\w+)/g),
    ]
    expect(named.map(([, name]) => name)).toEqual(['demo', 'test'])
    expect(named.filter(([, name = '']) => !(name in scripts))).toEqual([])
  })
})

describe('links', () => {
  it.each(pages)('of %s lead somewhere', page => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link)
    expect(links.filter(link => !leadsSomewhere(page, link))).toEqual([])
  })
})

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || headings(read(target)).includes(anchor)
}

/** Headings as GitHub makes anchors of them. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
