import * as z from 'zod'
import { invalidRequest } from './invalid-request.ts'

/** The parameters of a route that answers page by page, to be spread into its query. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('At most so many.'),
  cursor: z.string().max(1_024).optional().describe('From `next` of the page before.'),
}

/** The body of a page. */
export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodArray<Item>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('The path of the next page; null on the last one.'),
  })
}

/** Writes and reads where a page begins. Callers get it as one opaque word. */
export interface Cursor<Place> {
  write(place: Place): string
  /** @throws {HttpRefusal} `request_invalid` for what {@link Cursor.write} did not write */
  read(cursor: string | undefined): Place | undefined
}

/** @param shape - of a place; whatever a caller sends in its stead is checked by it, so it may hold nothing that decides about access */
export function cursorOf<Shape extends z.ZodType>(shape: Shape): Cursor<z.output<Shape>> {
  return {
    write: place => Buffer.from(JSON.stringify(place)).toString('base64url'),
    read(cursor) {
      if (cursor === undefined) return undefined
      const place = shape.safeParse(jsonIn(cursor))
      if (place.success) return place.data
      throw invalidRequest([{ where: 'query.cursor', words: 'Expected `next` of the page before' }])
    },
  }
}

/** The path of the next page. `query`: what was asked for, with the cursor; what is undefined was not asked for. */
export function nextPath(path: string, query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value))
  return `${path}?${asked.toString()}`
}

/**
 * The rows of a page of which one more was asked for than it holds.
 *
 * @returns `last`: where the next page begins; undefined on the last one
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
): { readonly rows: readonly Row[]; readonly last: Row | undefined } {
  const shown = rows.slice(0, limit)
  return { rows: shown, last: rows.length > limit ? shown.at(-1) : undefined }
}

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
