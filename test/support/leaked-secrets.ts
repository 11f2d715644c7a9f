import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { secretIn } from '../../src/domain/secret-pattern.ts'
import type { Runs } from '../../src/sandbox/actions/runs/runs.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'

/** Where something that looks like a secret stands: in the log, the summary or an annotation of any job, or in any blob of the store. */
export async function leakedSecrets(places: {
  readonly runs: Runs
  readonly repository: Repository
  readonly store: string
}): Promise<readonly string[]> {
  const { runs, repository, store } = places
  const jobs = runs.of(repository).flatMap(run => run.attempts.flatMap(attempt => attempt.jobs))
  const texts = jobs.flatMap(job => [
    { place: `log of ${job.name}`, text: job.log.text() },
    { place: `summary of ${job.name}`, text: job.summary },
    { place: `annotations of ${job.name}`, text: JSON.stringify(job.annotations) },
  ])
  for (const blob of await readdir(join(store, 'blobs', 'sha256')).catch(() => [])) {
    texts.push({ place: `blob ${blob}`, text: plain(await readFile(join(store, 'blobs', 'sha256', blob))) })
  }
  return texts.flatMap(({ place, text }) =>
    text.split('\n').flatMap(line => {
      const kind = secretIn(line)
      return kind === undefined ? [] : [`${place}: ${kind}`]
    }),
  )
}

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

function plain(bytes: Buffer): string {
  const isPacked = bytes.subarray(0, zstdMagic.length).equals(zstdMagic)
  return (isPacked ? zstdDecompressSync(bytes) : bytes).toString('latin1')
}
