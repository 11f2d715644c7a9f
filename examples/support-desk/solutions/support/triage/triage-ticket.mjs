import { classifyByKeyword } from './classify-by-keyword.mjs'

/**
 * Reads a ticket, decides what it is about and how urgent it is, and writes an answer.
 *
 * @param {{ id: string, subject: string, text: string, customer: { name: string, tier: string }, order?: object }} ticket
 * @param {{ classify: Function, reply: Function, refund: Function }} tools
 */
export async function triageTicket(ticket, { classify, reply, refund }) {
  const { category, classifiedBy } = await findCategory(ticket, classify)
  const decision =
    category === 'refund' && ticket.order !== undefined
      ? await refund({ order: ticket.order.id, amount: ticket.order.total, reason: ticket.order.reason })
      : undefined
  const outcome = decision === undefined ? category : `${category} ${decision.decision}`
  return {
    ticket: ticket.id,
    category,
    classifiedBy,
    priority: priorityOf(ticket, category),
    answer: reply({
      outcome,
      name: ticket.customer.name,
      order: ticket.order?.id ?? '',
      amount: ticket.order?.total ?? '',
    }),
    ...(decision === undefined ? {} : { refund: decision }),
  }
}

/** A ticket is answered also where the classifier cannot run; the answer says who classified it. */
async function findCategory(ticket, classify) {
  try {
    const { category } = await classify(ticket)
    return { category, classifiedBy: 'classify' }
  } catch (error) {
    return { category: classifyByKeyword(ticket), classifiedBy: `keywords, because ${error.message}` }
  }
}

function priorityOf({ customer }, category) {
  if (category === 'account') return 'high'
  return customer.tier === 'business' ? 'high' : 'normal'
}
