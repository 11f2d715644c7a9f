/** Whether the machine of the job reaches others through a proxy. */
export function hasProxy(): boolean {
  const proxies = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
  return proxies.some(name => (process.env[name] ?? '') !== '')
}
