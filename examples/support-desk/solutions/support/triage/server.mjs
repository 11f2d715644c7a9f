import { readFile } from 'node:fs/promises'
import { complete } from '../reply/complete.mjs'
import { BadInput, serveJson, version } from '../serving/json-server.mjs'
import { askSibling, SiblingFailed } from '../serving/sibling.mjs'
import { triageTicket } from './triage-ticket.mjs'

const prompt = await readFile(new URL('../reply/prompt.md', import.meta.url), 'utf8')

/** What the agent can do, apart from thinking. */
const tools = {
  classify: ticket => askSibling('/classify', { subject: ticket.subject, text: ticket.text }),
  reply: facts => complete(prompt, facts),
  refund: request => askSibling('/refund', request),
}

serveJson({
  routes: {
    'POST /triage': async ({ body }) => {
      const ticket = await readTicket(body)
      return { version, ...(await triageTicket(ticket, tools)) }
    },
  },
  health: () => ({ isWell: true }),
})

async function readTicket(body) {
  if (typeof body?.ticket !== 'string' || !/^[0-9]{1,12}$/.test(body.ticket)) {
    throw new BadInput('expected {"ticket": "1001"}, the number of a ticket as text')
  }
  return await askSibling(`/tickets/${body.ticket}`).catch(error => {
    if (error instanceof SiblingFailed && error.status === 400) throw new BadInput(error.message)
    throw error
  })
}
