import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** How the registry tells who asks. */
export type RegistryAuth =
  | { readonly kind: 'htpasswd'; readonly line: string }
  | { readonly kind: 'token'; readonly realm: string; readonly issuer: string; readonly certificate: string }

/** A registry that runs until it is closed. */
export interface RunningRegistry extends AsyncDisposable {
  readonly port: number
  /** `127.0.0.1:port` */
  readonly host: string
  /** Where it keeps what it stores. */
  readonly storage: string
}

/** Starts Debian's docker-registry 2.8 on a free port with an empty store. */
export async function startRegistry(auth?: RegistryAuth): Promise<RunningRegistry> {
  const home = await mkdtemp(join(tmpdir(), 'ringway-registry-'))
  const storage = join(home, 'storage')
  await writeFile(join(home, 'config.yml'), JSON.stringify(await configuration({ home, storage, auth })))
  const child = spawn('docker-registry', ['serve', join(home, 'config.yml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
    await rm(home, { recursive: true, force: true })
  }
  try {
    const port = await listeningPort(child.stderr)
    // It logs each request; a pipe that nobody reads would stop it.
    child.stderr.resume()
    return { port, host: `127.0.0.1:${port}`, storage, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listeningPort(log: NodeJS.ReadableStream): Promise<number> {
  const seen: string[] = []
  for await (const line of createInterface({ input: log })) {
    seen.push(line)
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`docker-registry ended before it listened:\n${seen.join('\n')}`)
}

/** The registry reads YAML, and JSON is YAML. */
async function configuration(registry: {
  readonly home: string
  readonly storage: string
  readonly auth: RegistryAuth | undefined
}): Promise<unknown> {
  const { home, storage, auth } = registry
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'one secret for one process' },
    ...(auth === undefined ? {} : { auth: await authentication(home, auth) }),
  }
}

async function authentication(home: string, auth: RegistryAuth): Promise<unknown> {
  if (auth.kind === 'htpasswd') {
    const path = join(home, 'htpasswd')
    await writeFile(path, `${auth.line}\n`)
    return { htpasswd: { realm: 'test', path } }
  }
  const rootcertbundle = join(home, 'issuer.pem')
  await writeFile(rootcertbundle, auth.certificate)
  return { token: { realm: auth.realm, service: 'test-registry', issuer: auth.issuer, rootcertbundle } }
}
