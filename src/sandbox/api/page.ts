import type { Call, Reply } from './route.ts'

const DEFAULT_PER_PAGE = 30
const MAX_PER_PAGE = 100

interface Page<Item> {
  readonly items: readonly Item[]
  readonly total: number
  readonly headers: Readonly<Record<string, string>>
}

function cut<Item>(call: Call, all: readonly Item[]): Page<Item> {
  const perPage = Math.min(MAX_PER_PAGE, positive(call.query('per_page')) ?? DEFAULT_PER_PAGE)
  const page = positive(call.query('page')) ?? 1
  const last = Math.max(1, Math.ceil(all.length / perPage))
  const link = (rel: string, number: number): string => {
    const url = new URL(call.url)
    url.searchParams.set('page', String(number))
    return `<${url.href}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link('prev', page - 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
    ...(page > 1 ? [link('first', 1)] : []),
  ]
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    total: all.length,
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  }
}

function positive(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined
}

interface Listing<Item> {
  readonly all: readonly Item[]
  readonly present: (item: Item) => unknown
}

/** Answers one page of a list as a bare array, with GitHub's Link header. */
export async function pageOf<Item>(call: Call, listing: Listing<Item>): Promise<Reply> {
  const { items, headers } = cut(call, listing.all)
  return { status: 200, body: await Promise.all(items.map(item => listing.present(item))), headers }
}

/** The same for lists that GitHub wraps: `{ total_count, [key]: [...] }`. */
export async function wrappedPageOf<Item>(call: Call, listing: Listing<Item> & { key: string }): Promise<Reply> {
  const { items, total, headers } = cut(call, listing.all)
  const presented = await Promise.all(items.map(item => listing.present(item)))
  return { status: 200, body: { total_count: total, [listing.key]: presented }, headers }
}
