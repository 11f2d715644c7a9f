import { expect, it } from 'vitest'
import { isOwnOrigin } from '../../src/sandbox/page/own-origin.ts'

const server = 'http://127.0.0.1:4000'

it.each([
  { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000', own: true },
  { host: 'localhost:4000', origin: 'http://localhost:4000', own: true },
  { host: '127.0.0.1:4000', origin: undefined, own: false },
  { host: '127.0.0.1:4000', origin: 'null', own: false },
  { host: '127.0.0.1:4000', origin: 'http://localhost:4000', own: false },
  { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4001', own: false },
  { host: 'rebound.example:4000', origin: 'http://rebound.example:4000', own: false },
])('host $host with origin $origin: $own', ({ host, origin, own }) => {
  expect(isOwnOrigin({ host, ...(origin === undefined ? {} : { origin }) }, server)).toBe(own)
})
