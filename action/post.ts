import { endInterrupted } from './end-interrupted.ts'

await endInterrupted()
