import { openControlBench } from '../../test/support/control-bench.ts'

const everyGate = [
  'after: dev',
  'gates:',
  '  approvals: { count: 1, authors: true }',
  '  soak: 1ms',
  '  checks: required',
  '  windows: { allow: "Mon-Sun 00:00-24:00 UTC" }',
]

/**
 * Counts GitHub API calls of one promotion by comment through the App, from the comment to the end of the run, by App and Action together: order,
 * soak, required checks, a window, and an approval by comment. One came before it, so there is a version to supersede.
 *
 * @returns `GET /repos/{owner}/{repo}/…`, in order, without what people ask
 */
export async function countPromotionCalls(): Promise<readonly string[]> {
  const calls: string[] = []
  const bench = await openControlBench({
    solutions: {
      shop: [
        { name: 'dev', lines: ['deploy-on: push'] },
        { name: 'staging', lines: everyGate },
      ],
    },
    observe(one) {
      if (one.kind === 'api' && !isOfPeople(one.template, one.requestBody)) calls.push(`${one.method} ${one.template}`)
    },
  })
  try {
    const issue = await bench.issue('Release')
    const promote = async (version: number): Promise<void> => {
      const commit = await bench.commit({ 'shop/app.txt': `${version}\n` })
      await bench.git('push', '--quiet', 'origin', 'HEAD:next')
      await bench.api(bench.alice, `POST /statuses/${commit}`, { state: 'success', context: 'tests' })
      await bench.git('push', '--quiet', 'origin', 'HEAD:main')
      await bench.points('dev', `v${version}`, 60_000)
      await settle(bench, calls)
      calls.length = 0
      await bench.comment(issue, `/promote staging v${version}`, bench.alice)
      await bench.until(() => bench.sticky(issue).includes('0 of 1 approvals'), 'it waits for an approval', 60_000)
      await bench.comment(issue, '/approve staging', bench.bob)
      await bench.points('staging', `v${version}`, 60_000)
      await settle(bench, calls)
    }
    await promote(1)
    await promote(2)
    return calls
  } finally {
    await bench.close()
  }
}

/** Commands are people's; the sweep asks for missed deliveries each minute, whatever is promoted. */
function isOfPeople(template: string, body: unknown): boolean {
  const text: unknown = Reflect.get(Object(body), 'body')
  return (typeof text === 'string' && text.startsWith('/')) || template.startsWith('/app/hook/')
}

/** Resolves when no run is under way and GitHub was asked nothing for a while. */
async function settle(bench: { quiet(): Promise<void> }, calls: readonly string[]): Promise<void> {
  await bench.quiet()
  for (let before = -1; before !== calls.length; ) {
    before = calls.length
    await new Promise(resolve => setTimeout(resolve, 3_000))
  }
}
