import { openControlBench } from './control-bench.ts'

const everyGate = [
  'after: dev',
  'gates:',
  '  approvals: { count: 1, authors: true }',
  '  soak: 1ms',
  '  checks: required',
  '  windows: { allow: "Mon-Sun 00:00-24:00 UTC" }',
]

/** What one promotion asks of GitHub, as `GET /repos/{owner}/{repo}/…`, in order. */
export interface PromotionCalls {
  readonly calls: readonly string[]
  /** Those of them that change something. The token of an installation is no content. */
  readonly writes: readonly string[]
}

/**
 * Counts GitHub API calls of promotions by comment through the App, from the comment to the end of the run, by App and Action together: order,
 * soak, required checks, a window, and an approval by comment. One came before them, so there is a version to supersede.
 *
 * @returns of each of so many promotions, one after the other
 */
export async function countPromotionCalls(promotions: number): Promise<readonly PromotionCalls[]> {
  const calls: string[] = []
  const bench = await openControlBench({
    solutions: {
      shop: [
        { name: 'dev', lines: ['deploy-on: push'] },
        { name: 'staging', lines: everyGate },
      ],
    },
    observe(one) {
      // The sweep asks for missed deliveries each minute, whatever is promoted.
      if (one.kind === 'api' && one.by !== 'user' && !one.template.startsWith('/app/hook/'))
        calls.push(`${one.method} ${one.template}`)
    },
  })
  try {
    const issue = await bench.issue('Release')
    const promote = async (version: number): Promise<PromotionCalls> => {
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
      const writes = calls.filter(route => !route.startsWith('GET ') && !route.endsWith('/access_tokens'))
      return { calls: [...calls], writes }
    }
    const counted: PromotionCalls[] = []
    for (let version = 1; version <= promotions + 1; version += 1) counted.push(await promote(version))
    return counted.slice(1)
  } finally {
    await bench.close()
  }
}

/** Resolves when no run is under way and GitHub was asked nothing for a while. */
async function settle(bench: { quiet(): Promise<void> }, calls: readonly string[]): Promise<void> {
  await bench.quiet()
  for (let before = -1; before !== calls.length; ) {
    before = calls.length
    await new Promise(resolve => setTimeout(resolve, 3_000))
  }
}
