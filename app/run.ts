import { setTimeout as sleep } from 'node:timers/promises'
import { RingwayError } from '../src/domain/ringway-error.ts'
import { compose, type RunningApp } from './compose.ts'
import { createCrashes } from './crashes/crashes.ts'
import { readEnvironment, readUnregistered } from './env/read-environment.ts'
import type { Settings } from './env/settings.ts'
import { withSettingsFile } from './env/settings-file.ts'
import { SettingsInvalid } from './env/settings-invalid.ts'
import { openLog } from './log/open-log.ts'
import { registerFirst } from './setup/register-first.ts'
import { firstWords, startWords } from './start-words.ts'

/** What the exit code of the App means. */
const exitCodes = { couldNotStart: 1, settings: 2 } as const

/** Milliseconds that closing may take at most: nothing is lost when the process ends before, it is only done again. */
const longestFarewell = 20_000

/** The App from its start to its end. */
export async function runApp(): Promise<void> {
  const end = askedToEnd()
  try {
    const settings = await findSettings(end)
    if (settings === undefined) return
    const log = openLog({ level: settings.logLevel, secrets: settings.secrets })
    const app = await compose(settings, log, createCrashes(process.env['RINGWAY_CRASH_AT']))
    await Promise.race([greet(settings, app), end])
    await end
    setTimeout(() => process.exit(exitCodes.couldNotStart), longestFarewell).unref()
    await app.close()
  } catch (error) {
    for (const line of failureWords(error)) console.error(line)
    process.exitCode = error instanceof SettingsInvalid ? exitCodes.settings : exitCodes.couldNotStart
  }
}

/** What the App is told; where nobody has registered it yet, once somebody has. @returns undefined when it is asked to end before */
async function findSettings(end: Promise<void>): Promise<Settings | undefined> {
  const environment = withSettingsFile(process.env)
  const unregistered = readUnregistered(environment)
  if (unregistered === undefined) return readEnvironment(environment)
  const log = openLog({ level: unregistered.logLevel, secrets: unregistered.secrets })
  const registering = await registerFirst(unregistered, log)
  console.error(firstWords(registering.address))
  const isRegistered = await Promise.race([registering.registered.then(() => true), end.then(() => false)])
  await registering.close()
  return isRegistered ? readEnvironment(withSettingsFile(process.env)) : undefined
}

/** Milliseconds that GitHub may take to say who the App is, before it is told where it listens. */
const longestGreeting = 5_000

/** For people, on standard error: standard output is the log. */
async function greet(settings: Settings, app: RunningApp): Promise<void> {
  const identity = app.identity().then(
    ({ slug }) => `as ${slug}`,
    (error: unknown) => `which did not accept the App: ${failureWords(error).join(' ')}`,
  )
  const late = sleep(longestGreeting, 'which has not answered yet', { ref: false })
  console.error(startWords(settings, { url: app.url, who: await Promise.race([identity, late]) }))
}

/**
 * Resolves when the process is asked to end. Once is enough: Ctrl-C reaches a program that was started by another one twice.
 */
function askedToEnd(): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
}

function failureWords(error: unknown): string[] {
  if (error instanceof SettingsInvalid) {
    const lines = error.problems.flatMap(({ message, remedy }) => ['', `  ${message}`, `  ${remedy}`])
    return [`The App cannot start: ${error.problems.length} of its environment variables need you.`, ...lines]
  }
  if (error instanceof RingwayError) return [error.message, error.remedy]
  if (!(error instanceof Error)) return [String(error)]
  if ('code' in error && error.code === 'EADDRINUSE')
    return [`${error.message}.`, 'End what listens there, or set PORT.']
  if ('code' in error && error.code === 'EADDRNOTAVAIL')
    return [`${error.message}.`, 'Set HOST to an address of this machine.']
  return [error.stack ?? error.message]
}
