import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { collect } from './collect.ts'
import { close, listen } from './listening.ts'

/** One order that a script of the tiny solution gave to the machine. */
export interface MachineCall {
  /** `RINGWAY_COMMAND`: deploy, activate, rollback, undeploy or check; `http` for the health address. */
  readonly verb: string
  readonly environment: string
  readonly version: string
  readonly digest: string
  readonly previous: string
  readonly deployment: number
  readonly runId: number
  /** The text of `app.txt` of the version. */
  readonly content: string
}

/** What the machine makes of an order. `late`: it does as told, and says that it failed. `hang`: it does nothing and never answers. */
export type MachineAnswer = 'ok' | 'fail' | 'late' | 'hang'

/** Decides about an order; it may do other things first, such as ending the job that gave it. */
export type MachineRule = (call: MachineCall) => MachineAnswer | Promise<MachineAnswer>

/** The machine that versions are deployed to: it outlives every job, and remembers what it was told. */
export interface BenchMachine {
  readonly url: string
  /** Every order, in order. */
  readonly calls: readonly MachineCall[]
  /** Replaces the rule that decides about orders; without one everything goes well. */
  rule(next?: MachineRule): void
  /** The content that an environment serves now; undefined when it serves nothing. */
  serving(environment: string): string | undefined
  close(): Promise<void>
}

/** Opens a machine on a free port of this host. */
export async function openBenchMachine(): Promise<BenchMachine> {
  const calls: MachineCall[] = []
  const served = new Map<string, string>()
  let decide: MachineRule = () => 'ok'
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = readCall(request, (await collect(request.setEncoding('utf8'))).join(''))
    calls.push(call)
    const verdict = await decide(call)
    if (verdict === 'hang') return
    if (verdict !== 'fail') obey(served, call)
    response
      .writeHead(verdict === 'ok' ? 200 : 500)
      .end(`${call.verb} of ${call.version}: ${verdict}\n${call.content}\n`)
  }
  const server = createServer((request, response) => {
    // Whoever asked may be gone by now; that is what some rules are for.
    void answer(request, response).catch(() => response.destroy())
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    rule: next => {
      decide = next ?? (() => 'ok')
    },
    serving: environment => served.get(environment),
    close: () => close(server),
  }
}

function obey(served: Map<string, string>, call: MachineCall): void {
  if (call.verb === 'activate' || call.verb === 'rollback') served.set(call.environment, call.content)
  if (call.verb === 'undeploy') served.delete(call.environment)
}

/** `/<verb>/<environment>/<version>`, and the rest in headers. A health address has no more than its path. */
function readCall(request: IncomingMessage, content: string): MachineCall {
  const [, verb = '', environment = '', version = ''] = (request.url ?? '').split('/').map(decodeURIComponent)
  const header = (name: string): string => String(request.headers[name] ?? '')
  return {
    verb,
    environment,
    version,
    digest: header('x-digest'),
    previous: header('x-previous'),
    deployment: Number(header('x-deployment')),
    runId: Number(header('x-run')),
    content: content.trim(),
  }
}

/** Takes an order to the machine that `$BENCH` names; the same for every command and check of the tiny solution. */
export const orderScript = `#!/bin/sh
set -eu
version="\${RINGWAY_VERSION:-draft}"
echo "url=$BENCH/http/$RINGWAY_ENVIRONMENT/$version" >> "$RINGWAY_OUTPUT"
curl --silent --show-error --fail-with-body --request POST --data-binary @app.txt \\
  --header "x-digest: $RINGWAY_DIGEST" --header "x-previous: $RINGWAY_PREVIOUS_VERSION" \\
  --header "x-deployment: $RINGWAY_DEPLOYMENT" --header "x-run: $GITHUB_RUN_ID" \\
  "$BENCH/$RINGWAY_COMMAND/$RINGWAY_ENVIRONMENT/$version"
`
