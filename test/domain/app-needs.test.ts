import { expect, it } from 'vitest'
import { deliveryHandlers } from '../../app/webhooks/handle-deliveries.ts'
import type { DeliveryHandlers } from '../../app/webhooks/handlers.ts'
import { handledEvents } from '../../app/webhooks/open-probot.ts'
import { appEvents, appPermissions } from '../../src/domain/app-needs.ts'

it('never asks to write to a repository, its workflows or its settings', () => {
  expect(appPermissions.contents.level).toBe('read')
  expect(Object.keys(appPermissions)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/workflows|administration/)]),
  )
})

it('subscribes to what is handled, and to nothing else', () => {
  // Only the names are asked for: no handler is called.
  const handlers: DeliveryHandlers = Reflect.apply(deliveryHandlers, undefined, [{}])
  const handled = new Set(handledEvents(handlers).map(name => name.replace(/\..*/, '')))
  const unasked = ['installation', 'installation_repositories']
  expect([...handled].filter(name => !unasked.includes(name)).toSorted()).toEqual(Object.keys(appEvents).toSorted())
})
