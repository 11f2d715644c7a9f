/** Who every delivery of a benchmark is for. */
export const recipient = { appId: 4711, secret: 'the-webhook-secret-of-the-benchmark-0001' } as const
