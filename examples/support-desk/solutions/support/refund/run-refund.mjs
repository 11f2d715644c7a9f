/**
 * Decides one refund, step by step as in flows/refund.yml.
 *
 * @param {{ order: string, amount: number, reason: string }} request `amount` in euros
 * @param {{ policy: { autorefund: boolean, limit: number }, reasons: Record<string, { mayRefund: boolean }> }} rules
 * @returns {{ order: string, decision: 'refunded' | 'needs_person' | 'refused', steps: string[] }}
 */
export function runRefund({ order, amount, reason }, { policy, reasons }) {
  const steps = ['check-reason']
  const end = (step, decision) => ({ order, decision, steps: [...steps, step] })
  if (reasons[reason]?.mayRefund !== true) return end('refuse', 'refused')
  steps.push('check-amount')
  const isSmall = policy.autorefund && amount <= policy.limit
  return isSmall ? end('pay-back', 'refunded') : end('hand-over', 'needs_person')
}
