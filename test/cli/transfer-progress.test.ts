import { describe, expect, it } from 'vitest'
import { createTransferProgress } from '../../src/cli/transfer-progress.ts'

const mebibyte = 1024 * 1024

function watch(isTTY: boolean) {
  const written: string[] = []
  let time = 0
  const stream = { isTTY, write: (text: string) => written.push(text) }
  const progress = createTransferProgress(stream, () => time)
  return { written, progress, pass: (ms: number) => void (time += ms) }
}

describe('progress in a log', () => {
  it('has a line for each quarter of each part of long work', () => {
    const { written, progress } = watch(false)
    for (let done = 0; done <= 16; done += 1) {
      progress.report({ doing: 'packing', done: done * mebibyte, total: 16 * mebibyte })
    }
    progress.report({ doing: 'uploading', done: 16 * mebibyte, total: 16 * mebibyte })
    progress.clear()
    expect(written).toEqual([
      'packing 25 % (4.2 MB of 16.8 MB)\n',
      'packing 50 % (8.4 MB of 16.8 MB)\n',
      'packing 75 % (12.6 MB of 16.8 MB)\n',
      'packing 100 % (16.8 MB of 16.8 MB)\n',
      'uploading 100 % (16.8 MB of 16.8 MB)\n',
    ])
  })

  it('is silent about short work', () => {
    const { written, progress } = watch(false)
    progress.report({ doing: 'packing', done: mebibyte, total: mebibyte })
    progress.report({ doing: 'packing', done: 0, total: 0 })
    expect(written).toEqual([])
  })
})

describe('progress on a terminal', () => {
  it('rewrites one line ten times a second at most, and takes it away', () => {
    const { written, progress, pass } = watch(true)
    for (let done = 1; done <= 3; done += 1) {
      progress.report({ doing: 'unpacking', done, total: 4 })
      progress.report({ doing: 'unpacking', done, total: 4 })
      pass(100)
    }
    progress.clear()
    progress.clear()
    expect(written).toEqual([
      '\runpacking 25 % (1 B of 4 B)\u001b[K',
      '\runpacking 50 % (2 B of 4 B)\u001b[K',
      '\runpacking 75 % (3 B of 4 B)\u001b[K',
      '\r\u001b[K',
    ])
  })
})
