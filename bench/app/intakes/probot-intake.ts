// Probot as its documentation shows it: `nothing` keeps nothing of what it is sent, `insert` writes each delivery into a table by itself.
import { argv, env } from 'node:process'
import { Pool } from 'pg'
import { Probot, Server } from 'probot'
import { recipient } from '../recipient.ts'

const server = new Server({
  Probot: Probot.defaults({
    appId: recipient.appId,
    privateKey: env['PRIVATE_KEY'] ?? '',
    secret: recipient.secret,
    logLevel: 'warn',
  }),
  host: '127.0.0.1',
  port: Number(env['PORT']),
  webhookPath: '/webhooks',
})
const pool = argv[2] === 'insert' ? new Pool({ connectionString: env['DATABASE_URL'] ?? '', max: 10 }) : undefined
await pool?.query('create table if not exists probot_delivery (guid text primary key, event text, payload text)')
await server.load(app => {
  app.onAny(async ({ id, name, payload }) => {
    const values = [id, name, JSON.stringify(payload)]
    await pool?.query('insert into probot_delivery values ($1, $2, $3) on conflict do nothing', values)
  })
})
await server.start()
