// The App's intake without the rest of the App: what stores a delivery and answers, and nobody who handles it.
import { env } from 'node:process'
import { openServer } from '../../../app/http/open-server.ts'
import { openLog } from '../../../app/log/open-log.ts'
import { addWebhookRoute } from '../../../app/webhooks/receive-delivery.ts'
import { createSystemClock } from '../../../src/adapters/clock/system-clock.ts'
import { createInbox } from '../../../src/adapters/postgres/inbox.ts'
import { openDatabase } from '../../../src/adapters/postgres/open-database.ts'
import { recipient } from '../recipient.ts'

const database = await openDatabase({ url: env['DATABASE_URL'] ?? '' })
const inbox = createInbox({ database, onStored: () => {} })
await openServer({
  host: '127.0.0.1',
  port: Number(env['PORT']),
  log: openLog({ level: 'warn', secrets: [] }),
  addRoutes: routes =>
    addWebhookRoute(routes, {
      appId: recipient.appId,
      secrets: { current: recipient.secret, previous: undefined },
      inbox,
      clock: createSystemClock(),
    }),
})
