import { expect, it } from 'vitest'
import { readAppAddress } from '../../../src/adapters/control-plane/app-address.ts'

it.each([
  ['https://ringway.example', { base: 'https://ringway.example', audience: 'https://ringway.example' }],
  ['https://ringway.example/', { base: 'https://ringway.example', audience: 'https://ringway.example' }],
  [
    'https://Ringway.Example:8443/app//',
    { base: 'https://ringway.example:8443/app', audience: 'https://ringway.example:8443' },
  ],
  ['http://127.0.0.1:3000', { base: 'http://127.0.0.1:3000', audience: 'http://127.0.0.1:3000' }],
  ['http://localhost:3000', { base: 'http://localhost:3000', audience: 'http://localhost:3000' }],
  ['http://[::1]:3000', { base: 'http://[::1]:3000', audience: 'http://[::1]:3000' }],
])('%s is taken', (text, address) => {
  expect(readAppAddress(text)).toEqual(address)
})

it.each([
  'ringway.example',
  'http://ringway.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
  'ftp://ringway.example',
  'javascript:alert(1)',
  'https://user:secret@ringway.example',
  'https://ringway.example/?a=b',
  'https://ringway.example/#a',
  '',
])('%j would send identity tokens where they do not belong', text => {
  expect(() => readAppAddress(text)).toThrow(expect.objectContaining({ code: 'input_invalid' }))
})

it('is not shown with what stands before its @', () => {
  expect(() => readAppAddress('https://user:hush@ringway.example')).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hush') }),
  )
})
