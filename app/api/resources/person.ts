import * as z from 'zod'

/** Somebody on GitHub. Logins are given away again; the id is who it is. */
export const person = z.object({ id: z.int(), login: z.string() })
