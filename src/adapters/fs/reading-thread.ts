// A thread beside the main one that reads files of a large tree; see read-files.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { readShare } from './read-share.ts'

parentPort?.postMessage(await readShare(workerData))
