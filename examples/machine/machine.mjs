#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { runDaemon } from './daemon.mjs'
import { defaultHome, machineHome } from './machine-home.mjs'
import { readOptions } from './machine-options.mjs'
import { startMachine, stopMachine } from './machine-process.mjs'
import { machineStatus, statusWords } from './machine-status.mjs'

const usage = `A small machine to deploy onto: it stands for your server.

  node machine.mjs start    starts it in the background; says where it answers
  node machine.mjs status   what runs on it (--json for programs)
  node machine.mjs stop     ends it and everything on it; start brings all of it back
  node machine.mjs run      runs it in this terminal

  --home <directory>                where it keeps everything (${defaultHome})
  --port <port>                     of the control API (the last one, else 7400; 0: any free one)
  --front <solution>/<ring>=<port>  where a ring answers (any free port, the same for ever); may be repeated
  --keep <count>                    versions per ring kept running beside the active one (1)
  --grace <seconds>                 how long requests may take to end on an old version (30)
  --ready <seconds>                 how long a component may take until it answers (30)
  --json                            for programs`

const { values, positionals, tokens } = parseArgs({
  allowPositionals: true,
  tokens: true,
  options: {
    home: { type: 'string', default: defaultHome },
    port: { type: 'string' },
    front: { type: 'string', multiple: true, default: [] },
    keep: { type: 'string', default: '1' },
    grace: { type: 'string', default: '30' },
    ready: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const home = machineHome(values.home)
const verbAt = tokens.find(({ kind }) => kind === 'positional')?.index
const withoutVerb = process.argv.slice(2).filter((_, index) => index !== verbAt)
const say = (value, words) => console.log(values.json ? JSON.stringify(value) : words)

const verbs = {
  start: async () => {
    readOptions(values)
    const { address, isNew } = await startMachine(home, withoutVerb)
    const words = `The machine ${isNew ? 'answers' : 'runs already'} at ${address}\nIts token stands in ${home.token}`
    say({ address, token: home.token, started: isNew }, words)
  },
  run: async () => await runDaemon(home, readOptions(values)),
  status: async () => {
    const status = await machineStatus(home)
    say(status, statusWords(status))
    if (!status.running) process.exitCode = 3
  },
  stop: async () => {
    const { wasRunning, ended } = await stopMachine(home)
    const left = ended > 0 ? ` ${ended} processes that it had left behind were ended.` : ''
    say({ stopped: wasRunning, ended }, wasRunning ? 'The machine has ended.' : `The machine was not running.${left}`)
  },
}

const verb = verbs[positionals[0]]
if (verb === undefined || values.help) {
  console.log(usage)
  process.exitCode = values.help ? 0 : 2
} else {
  await verb().catch(error => {
    console.error(error.message)
    process.exitCode = 1
  })
}
