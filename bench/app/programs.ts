import { generateKeyPairSync } from 'node:crypto'
import { recipient } from './recipient.ts'
import type { IntakeProgram } from './start-intake.ts'

/** What takes the same deliveries: ours, and what a person would take instead. */
export const intakeNames = ['probot', 'insertEach', 'grouped', 'ringway', 'app'] as const

/** One of {@link intakeNames}. */
export type IntakeName = (typeof intakeNames)[number]

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

/** @param places - `databaseUrl`: of an empty database; `data`: a directory in which the App keeps its own */
export function programOf(
  name: IntakeName,
  places: { readonly databaseUrl: string; readonly data: string },
): IntakeProgram {
  const environment = { DATABASE_URL: places.databaseUrl, PRIVATE_KEY: privateKey }
  switch (name) {
    case 'probot':
      return { args: ['bench/app/intakes/probot-intake.ts', 'nothing'], environment }
    case 'insertEach':
      return { args: ['bench/app/intakes/probot-intake.ts', 'insert'], environment }
    case 'grouped':
      return { args: ['bench/app/intakes/grouped-http.ts'], environment }
    case 'ringway':
      return { args: ['bench/app/intakes/ringway-intake.ts'], environment }
    case 'app':
      return { args: ['app/main.ts'], environment: appEnvironment(places.data) }
  }
}

/** The whole App on its own database, with a GitHub that does not answer: what it stores it handles as far as it can. */
function appEnvironment(data: string): Readonly<Record<string, string>> {
  return {
    APP_ID: String(recipient.appId),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: recipient.secret,
    GITHUB_API_URL: 'http://127.0.0.1:9/api/v3',
    RINGWAY_DATA: data,
    LOG_LEVEL: 'silent',
  }
}
