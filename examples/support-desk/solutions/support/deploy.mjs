// Tells the machine what Ringway asks for. Everything comes from RINGWAY_* and the ring's configuration: nothing here names a ring.
import { appendFile, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const env = process.env
const configuration = JSON.parse(await readFile(expected('RINGWAY_CONFIG'), 'utf8'))
const address = env['MACHINE_URL'] ?? configuration['MACHINE']
const subject = { solution: expected('RINGWAY_SOLUTION'), ring: expected('RINGWAY_RING') }
const digest = expected('RINGWAY_DIGEST')
const version = env['RINGWAY_VERSION'] ?? ''
const name = `${version === '' ? digest.slice(0, 19) : version} of ${subject.solution}`

const commands = {
  deploy: place,
  activate,
  // The version that ran before is brought back first, and only then the one that failed goes.
  rollback: async () => {
    await place()
    await activate()
    const failed = env['RINGWAY_PREVIOUS_DIGEST'] ?? ''
    if (failed !== '' && failed !== digest) await remove(failed)
  },
  undeploy: () => remove(digest),
}

const command = commands[expected('RINGWAY_COMMAND')]
if (command === undefined)
  fail(`RINGWAY_COMMAND is ${env['RINGWAY_COMMAND']}; expected one of ${Object.keys(commands).join(', ')}.`)
await command()

async function place() {
  const manifest = JSON.parse(await readFile(expected('RINGWAY_MANIFEST'), 'utf8'))
  const placed = await ask('place', { version, directory: process.cwd(), manifest, configuration })
  console.log(
    `${name} ${placed.isNew ? 'runs' : 'runs already'} at ${placed.url}, beside what is active in ${subject.ring}`,
  )
  if (env['RINGWAY_OUTPUT'] !== undefined) await appendFile(env['RINGWAY_OUTPUT'], `url=${placed.url}\n`)
}

async function activate() {
  const { front } = await ask('activate', {})
  console.log(`${name} is what ${front} answers with (${subject.ring})`)
}

async function remove(gone) {
  const { removed } = await ask('remove', { digest: gone })
  console.log(
    removed
      ? `${gone} is being taken away from ${subject.ring}`
      : `${gone} is not in ${subject.ring}: nothing to take away`,
  )
}

async function ask(verb, more) {
  if (address === undefined)
    fail('Where is the machine? Put `MACHINE: http://127.0.0.1:7400` into `config:` of the ring file.')
  const answer = await fetch(`${address}/v1/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await readToken()}` },
    body: JSON.stringify({ ...subject, digest, ...more }),
  }).catch(error =>
    fail(`The machine at ${address} does not answer (${error.cause?.message ?? error.message}). Is it started?`),
  )
  const text = await answer.text()
  if (!answer.ok) fail(`The machine refused to ${verb} ${name}: ${inWords(text)}`)
  return JSON.parse(text)
}

async function readToken() {
  if (env['MACHINE_TOKEN'] !== undefined) return env['MACHINE_TOKEN']
  const path = configuration['MACHINE_TOKEN_FILE'] ?? join(homedir(), '.ringway-machine', 'token')
  const token = await readFile(path, 'utf8').catch(error =>
    fail(`The machine's token cannot be read: ${error.message}`),
  )
  return token.trim()
}

/** An answer of no has words, and often what to do about it and what was printed. */
function inWords(text) {
  try {
    const { message, remedy = '', evidence = '' } = JSON.parse(text)
    return [message, remedy, evidence].filter(part => part !== '').join('\n')
  } catch {
    return text
  }
}

function expected(variable) {
  return (
    env[variable] ||
    fail(`${variable} is not set: this script is run by Ringway, for a ring whose target is \`command\`.`)
  )
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
