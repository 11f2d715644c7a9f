import { describe, expect, it } from 'vitest'
import { readCommand } from '../../../src/domain/command/read-command.ts'
import { defaultVerbs } from '../../../src/domain/command/verbs.ts'
import { actionsOf } from '../../../src/domain/policy/command-actions.ts'

describe('what a command asks of whoever gives it', () => {
  it.each<[string, readonly string[], boolean?]>([
    ['/promote staging', ['promote']],
    ['/promote staging --dry-run', ['view']],
    ['/promote staging --dry-run --skip-order --reason x', ['view']],
    ['/promote staging --hotfix --reason x', ['promote', 'hotfix']],
    ['/promote staging --skip-order --reason x', ['promote', 'override']],
    ['/promote staging --skip-order --hotfix --reason x', ['promote', 'hotfix', 'override']],
    ['/rollback staging', ['rollback']],
    ['/approve', ['approve']],
    ['/reject', ['approve']],
    ['/retry', ['promote']],
    ['/lock staging', ['lock']],
    ['/lock staging --details', ['view']],
    ['/unlock staging', ['unlock']],
    ['/unlock staging', ['lock'], true],
    ['/pause staging', ['pause']],
    ['/resume staging', ['pause']],
    ['/undeploy staging', ['undeploy']],
    ['/archive staging', ['archive']],
    ['/unquarantine v1', ['unquarantine']],
    ['/run triage {}', ['run']],
    ['/status', ['view']],
    ['/diff staging', ['view']],
    ['/help', ['view']],
  ])('%s: %j', (text, actions, isOwnLock = false) => {
    const reading = readCommand(text, defaultVerbs)
    expect(reading.kind === 'command' && actionsOf(reading.command, isOwnLock)).toEqual(actions)
  })
})
