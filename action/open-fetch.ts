import type { Ask } from '../src/adapters/actions/identity-token.ts'
import type { Send } from '../src/adapters/control-plane/ask-app.ts'
import { hasProxy } from './has-proxy.ts'

/**
 * How the App is asked, and GitHub for identity tokens. Node's own fetch knows no proxy: where the runner's machine has one, that of undici
 * is loaded, which obeys `NO_PROXY` as well.
 */
export async function openFetch(): Promise<Send & Ask> {
  if (!hasProxy()) return fetch
  const { EnvHttpProxyAgent, fetch: throughProxy } = await import('undici')
  const dispatcher = new EnvHttpProxyAgent()
  return (url: string, request: Parameters<Send & Ask>[1]) => throughProxy(url, { ...request, dispatcher })
}
