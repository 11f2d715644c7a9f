import { readFile } from 'node:fs/promises'
import { BadInput, serveJson } from '../serving/json-server.mjs'

// Where a real connector would ask the ticket system, this one has a few tickets of its own.
const tickets = JSON.parse(await readFile(new URL('tickets.json', import.meta.url), 'utf8'))
const byId = new Map(tickets.map(ticket => [ticket.id, ticket]))

serveJson({
  routes: {
    'GET /tickets': () => tickets.map(({ id, subject }) => ({ id, subject })),
    'GET /tickets/*': ({ path }) => {
      const id = path.slice('/tickets/'.length)
      const ticket = byId.get(id)
      if (ticket === undefined) throw new BadInput(`there is no ticket ${id}`)
      return ticket
    },
  },
  health: () => ({ isWell: tickets.length > 0, tickets: tickets.length }),
})
