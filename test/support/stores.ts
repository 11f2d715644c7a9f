import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobStore, type StoreOptions } from '../../src/adapters/oci/reference.ts'
import type { BlobStore } from '../../src/ports/blob-store.ts'
import { startOciServer } from './oci-server.ts'
import { type RegistryAuth, startRegistry } from './registry.ts'
import { startTokenServer } from './token-server.ts'

/** A place with any number of stores in it. */
export interface StorePlace extends AsyncDisposable {
  /** The same name is the same store, opened anew. */
  open(name: string): BlobStore
}

/** Somebody who may do everything. */
export const user = { name: 'builder', password: 'correct horse', actions: ['pull', 'push'] } as const

/** `correct horse`, by bcrypt with the fewest rounds. */
const htpasswdLine = `${user.name}:$2b$04$kp8eh.VxfEHUfAu991JESuveh07Ya6sZLwaroMd7I4hjf3xBUW2Ga`

/** A registry that knows {@link user} by Basic authentication. */
export const basicAuth: RegistryAuth = { kind: 'htpasswd', line: htpasswdLine }

export const credentials = { username: user.name, password: user.password }

/** Every store that there is, each as people would run it. */
export const storePlaces: Readonly<Record<string, () => Promise<StorePlace>>> = {
  'a directory': async () => {
    const root = await mkdtemp(join(tmpdir(), 'ringway-layouts-'))
    return {
      open: name => openBlobStore({ location: `oci-layout:${join(root, name)}` }),
      [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
    }
  },

  'a registry without the referrers API': async () => place(await startRegistry(), {}),

  'a registry with Basic authentication': async () => place(await startRegistry(basicAuth), { credentials }),

  'a registry with a token server': async () => {
    const tokens = await startTokenServer([user])
    const registry = await startRegistry({ kind: 'token', ...tokens })
    const both = new AsyncDisposableStack()
    both.use(tokens)
    both.use(registry)
    return place({ host: registry.host, [Symbol.asyncDispose]: () => both.disposeAsync() }, { credentials })
  },

  'a registry with the referrers API': async () => place(await startOciServer(), {}),
}

function place(
  registry: AsyncDisposable & { readonly host: string },
  options: Omit<StoreOptions, 'location'>,
): StorePlace {
  return {
    open: name => openBlobStore({ ...options, location: `oci://${registry.host}/tests/${name}` }),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  }
}
