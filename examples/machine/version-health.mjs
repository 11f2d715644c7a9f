import { ask } from './ask.mjs'

const timeoutMs = 2_000

/**
 * What a version says of itself when it is asked for `/healthz`: every component is asked for its own.
 *
 * A code block whose program this machine lacks makes a version *degraded*, which is still an answer of 200: the rest of it works, and
 * whether that is enough is for a check to say.
 *
 * @param {{ record: object, services: object[], runners: object[] }} version
 */
export async function versionHealth({ record, services, runners }) {
  const components = [...(await Promise.all(services.map(serviceHealth))), ...runners.map(runnerHealth)]
  const has = status => components.some(([, health]) => health.status === status)
  const status = has('unhealthy') ? 'unhealthy' : has('degraded') ? 'degraded' : 'healthy'
  return {
    status,
    solution: record.solution,
    ring: record.ring,
    version: record.version === '' ? null : record.version,
    digest: record.digest,
    components: Object.fromEntries(components),
  }
}

async function serviceHealth(service) {
  const answer = await ask({ port: service.port, path: '/healthz', timeoutMs })
  if (answer === undefined)
    return [service.name, { status: 'unhealthy', why: 'it does not answer', restarts: service.restarts }]
  const isOffered = answer.status !== 404
  const isWell = !isOffered || (answer.status >= 200 && answer.status < 300)
  return [service.name, { status: isWell ? 'healthy' : 'unhealthy', ...(isOffered ? details(answer) : {}) }]
}

/** What it said itself, without its word on whether it is well: that is the answer's status. */
function details({ body }) {
  try {
    const { status: _, ...rest } = JSON.parse(body)
    return rest
  } catch {
    return { says: body.slice(0, 500) }
  }
}

function runnerHealth(runner) {
  const { missing } = runner
  if (missing === undefined) return [runner.name, { status: 'healthy' }]
  return [runner.name, { status: 'degraded', why: `it needs ${missing}, which is not on this machine` }]
}
