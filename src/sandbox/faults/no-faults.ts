import type { Interceptor } from '../api/interceptor.ts'

/** Everything goes well. */
export const noFaults: Interceptor = {
  before: async () => ({ kind: 'go_on' }),
  after: async () => ({ kind: 'go_on' }),
  headers: () => ({}),
}
