// `npm run bench -- <name>`: measures what the product does beside what a person would take instead, prints it and writes it as JSON.
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join, relative } from 'node:path'
import { argv, cwd, exit, version } from 'node:process'
import { type Bench, measurementTable } from './measurement.ts'

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  action: async () => (await import('./action.ts')).action,
  app: async () => (await import('./app.ts')).app,
  artifact: async () => (await import('./artifact.ts')).artifact,
}

const names = argv.slice(2).length > 0 ? argv.slice(2) : Object.keys(benches)
const unknown = names.filter(name => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; choose from: ${Object.keys(benches).join(', ')}.`)
  exit(2)
}
for (const name of names) await run(name)

async function run(name: string): Promise<void> {
  const bench = await benches[name]?.()
  if (bench === undefined) return
  console.log(`# ${name}`)
  const startedAt = new Date().toISOString()
  const { measurements, samples } = await bench(words => console.log(`  ${words}`))
  console.log(`\n${measurementTable(measurements)}\n`)
  const machine = { cores: cpus().length, model: cpus()[0]?.model, memory: totalmem(), node: version }
  const directory = join(import.meta.dirname, 'results')
  const path = join(directory, `${name}.json`)
  await mkdir(directory, { recursive: true })
  await writeFile(path, `${JSON.stringify({ name, startedAt, machine, measurements, samples }, null, 2)}\n`)
  console.log(`written to ${relative(cwd(), path)}`)
}
