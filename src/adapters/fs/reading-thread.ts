// The thread that reads files of a large tree beside the main one: `read-files.ts` starts it.
import { parentPort, workerData } from 'node:worker_threads'
import { readShare } from './read-share.ts'

parentPort?.postMessage(await readShare(workerData))
