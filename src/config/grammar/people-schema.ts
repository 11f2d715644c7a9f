import * as z from 'zod'
import { choice, key, listOf } from './key.ts'
import { duration, grant, plainName } from './texts.ts'

/** An empty list would let nobody, and nobody could see that it was meant. */
const people = z.array(grant).min(1).max(100).optional()

const whoSchema = z.strictObject({
  view: key(people, { meaning: 'See the ring, and ask what would happen.', default: '`read`' }),
  promote: key(people, { meaning: 'Promote into the ring.', default: '`write`; in a last ring `maintain`' }),
  approve: key(people, { meaning: 'Approve and reject.', default: '`write`' }),
  rollback: key(people, { meaning: 'Roll back.', default: '`write`' }),
  run: key(people, { meaning: 'Start runs of components.', default: '`write`' }),
  lock: key(people, { meaning: 'Lock, and end a lock of their own.', default: '`write`' }),
  unlock: key(people, { meaning: 'End a lock of somebody else.', default: '`maintain`' }),
  pause: key(people, { meaning: 'Pause and resume.', default: '`maintain`' }),
  undeploy: key(people, { meaning: 'Undeploy.', default: '`maintain`' }),
  archive: key(people, { meaning: 'Archive, for good.', default: '`admin`' }),
  unquarantine: key(people, { meaning: 'Release a version from quarantine.', default: '`admin`' }),
  hotfix: key(people, { meaning: 'Pass a freeze that excepts hotfixes.', default: '`admin`' }),
  override: key(people, { meaning: 'Skip ring order and soak, with a reason.', default: '`admin`' }),
})

/** Keys of a ring about people, and about what the App does for them. */
export const peopleKeys = {
  who: key(whoSchema.optional(), {
    meaning:
      'Who may do what in the ring, through the App. Each entry is a role of GitHub, which holds for stronger ones too, `role:<custom role>`, `team:<slug>` or a login. Without the App, whoever may run the workflow may deploy.',
    default: 'the usual roles',
  }),
  'promotion-expiry': key(duration.prefault('7d'), {
    meaning: 'How long a promotion into the ring may wait for its gates.',
    unit: 'ms, s, m, h, d',
  }),
  'cool-down': key(duration.prefault('10m'), {
    meaning: 'How long after an automatic rollback the ring is not rolled back by itself again.',
    unit: 'ms, s, m, h, d',
  }),
  alerts: key(
    z
      .strictObject({
        slow: key(duration.prefault('30m'), {
          meaning: 'How long a deployment may be on its way before people are told that it is slow.',
          unit: 'ms, s, m, h, d',
        }),
      })
      .prefault({}),
    { meaning: 'When people are told that something takes too long.', default: 'as below' },
  ),
  locks: key(
    z
      .strictObject({
        release: key(listOf(choice(['merge', 'close'])), {
          meaning: 'What ends a lock that was taken on a pull request. `/unlock` and its own end always do.',
        }),
      })
      .prefault({}),
    { meaning: 'How locks of the ring end.', default: 'none' },
  ),
  labels: key(
    z
      .strictObject({
        success: key(listOf(plainName), { meaning: 'Labels that a pull request gets when its version became active.' }),
        failure: key(listOf(plainName), { meaning: 'Labels that it gets when it did not.' }),
      })
      .prefault({}),
    { meaning: 'Labels of pull requests.', default: 'none' },
  ),
}
