/**
 * What this ring lets the workflow decide by itself.
 *
 * @param {Record<string, string | undefined>} environment `FEATURE_AUTOREFUND`: whether it may pay back without a person;
 *   `AUTOREFUND_LIMIT_EUR`: up to which amount, in euros
 * @throws {Error} when the feature is on and its limit is no amount
 */
export function readRefundPolicy(environment) {
  if (environment['FEATURE_AUTOREFUND'] !== 'true') return { autorefund: false, limit: 0 }
  const limit = Number(environment['AUTOREFUND_LIMIT_EUR'] ?? Number.NaN)
  if (Number.isFinite(limit) && limit >= 0) return { autorefund: true, limit }
  const came = environment['AUTOREFUND_LIMIT_EUR'] ?? 'nothing'
  throw new Error(`AUTOREFUND_LIMIT_EUR: FEATURE_AUTOREFUND is on, so expected an amount in euros; ${came} came`)
}
