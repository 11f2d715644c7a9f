import { durationMs } from '../../domain/units.ts'

/**
 * How long a replica may say nothing before another one takes over what it works on. As long as the queue waits before it gives the work of a
 * silent worker to another: a longer lease would only keep that one waiting. It is renewed while the work goes on, however long that takes.
 */
export const workLease = durationMs(10_000)
