import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sayDuration } from '../../text/duration.ts'
import { onIssue, openIssue } from './conversation.ts'
import { approveOnGithub, protectProduction } from './protect-production.ts'
import { digestOf, readDeployments } from './rings.ts'
import { chapter, meetingIn, type Stage, step } from './stage.ts'
import { pushSupportDeskAbroad } from './support-desk.ts'
import { unexpected, until } from './until.ts'

/** v1 goes into the first two rings by itself, and into production by a comment. */
export async function firstVersion(stage: Stage, push: () => Promise<void>): Promise<void> {
  chapter(stage, 'v1 is pushed: built once, then dev and staging by themselves, production by a comment')
  await step(stage, 'push v1', { act: push, goal: { dev: 'v1', staging: 'v1' } })
  await step(stage, 'promote v1', {
    async act() {
      const issue = await openIssue(meetingIn(stage), 'omar', 'The support desk goes live')
      await issue.comment('omar', '/promote production v1', 'v1 is to enter production')
    },
    goal: { production: 'v1' },
  })
  stage.promotions += 1
}

/** The rules change on the default branch, and production gets its protection on GitHub. */
export async function fourEyes(stage: Stage): Promise<void> {
  const { terminal, desk, rehearsal, app } = stage
  chapter(stage, 'New rules are pushed: two people for staging, by comments; for production its reviewer on GitHub')
  await protectProduction(rehearsal, { app, reviewer: 'mika' })
  terminal.say('  production on GitHub: the App is its protection rule, mika its required reviewer')
  await step(stage, 'new rules', {
    act: () => desk.pushChange('four-eyes'),
    goal: { dev: 'v1', staging: 'v1', production: 'v1' },
  })
  terminal.say('  the solution is the same, so nothing was deployed')
}

/** A version that is healthy in dev fails its check in staging; the one before comes back, and its digest is kept out. */
export async function badVersion(stage: Stage): Promise<void> {
  chapter(stage, 'v2 is merged: healthy in dev, broken by the configuration of staging; production is not touched')
  const pull = await merge(stage, 'v2', { production: 'v1', staging: 'v1' })
  await step(stage, 'promote v2', {
    async act() {
      await pull.comment('lena', '/promote staging', '0 of 1 approval')
      await pull.comment('mika', '/approve staging', '@mika')
      await until(() => isRolledBack(stage, 'staging', 'v2'), 'v2 is rolled back')
    },
    goal: { staging: 'v1' },
  })
  await pull.comment('lena', '/promote staging', 'rolled back automatically')
  stage.promotions += 1
}

/** The App is killed while a promotion is under way; the job goes on, and so does the App when it is back. */
export async function killedApp(stage: Stage): Promise<Awaited<ReturnType<typeof merge>>> {
  const { terminal, app } = stage
  chapter(stage, 'v3 mends it. The App is killed while v3 is on its way into staging')
  const pull = await merge(stage, 'v3', { production: 'v1', staging: 'v1' })
  await step(stage, 'promote v3', {
    async act() {
      await pull.comment('lena', '/promote staging', '0 of 1 approval')
      await pull.comment('mika', '/approve staging', '@mika')
      await until(() => isUnderWay(stage, 'staging', 'v3'), 'v3 is being deployed')
      await app.kill()
      terminal.say('  $ kill -9 <the App>     the job goes on with what it was given, and asks until somebody answers')
      await pause(1_000)
      const began = performance.now()
      await app.start()
      stage.restarts += 1
      terminal.say(
        `  $ npm start             on the database that it left; serves after ${sayDuration(performance.now() - began)}`,
      )
    },
    goal: { staging: 'v3' },
  })
  stage.promotions += 1
  return pull
}

/** A freeze holds a promotion; it is lifted by a push, and a review of the GitHub Environment approves. */
export async function frozenProduction(stage: Stage, pull: Awaited<ReturnType<typeof merge>>): Promise<void> {
  const { terminal, desk, rehearsal } = stage
  chapter(
    stage,
    'Production is frozen by a push of the ring file; v3 waits until a push lifts it and its reviewer approves',
  )
  await step(stage, 'promote v3', {
    async act() {
      await desk.pushChange('freeze-production')
      await pull.comment('omar', '/promote production', 'books are being closed')
      await desk.takeBack()
      terminal.say('  omar pushes: Revert "Rings: nothing enters production while the books are being closed"')
      await pull.hear('v3 waits: 0 of 1 approval')
      terminal.say('  mika approves the waiting job on GitHub')
      await approveOnGithub(rehearsal, 'mika')
    },
    goal: { production: 'v3' },
  })
  stage.promotions += 1
}

/** Production goes back by one comment, and forward again. */
export async function backAndForward(stage: Stage, pull: Awaited<ReturnType<typeof merge>>): Promise<void> {
  const { terminal, rehearsal } = stage
  chapter(stage, 'Production goes back to v1 by one comment, and forward again; nothing is built')
  const before = performance.now()
  await step(stage, 'roll back to v1', {
    async act() {
      await pull.comment('mika', '/rollback production to v1 --reason "refunds are slow"', 'goes back to v1')
      terminal.say(
        '  mika approves the job on GitHub, which asks its reviewer for every one; a rollback passes no gate of the ring',
      )
      await approveOnGithub(rehearsal, 'mika')
    },
    goal: { production: 'v1' },
  })
  terminal.say(`  from the comment to v1 in production: ${sayDuration(performance.now() - before)}`)
  await step(stage, 'forward to v3', {
    async act() {
      await pull.comment('omar', '/promote production', 'v3 is to enter production')
      await approveOnGithub(rehearsal, 'mika')
    },
    goal: { production: 'v3' },
  })
  stage.promotions += 1
}

/** A version enters a ring of another repository by its digest. */
export async function abroad(stage: Stage): Promise<void> {
  const { terminal, app, rehearsal, directory } = stage
  chapter(
    stage,
    'Another repository of the organisation, which builds nothing, takes v3 by its digest under rules of its own',
  )
  const place = await rehearsal.addRepository('support-desk-abroad')
  await pushSupportDeskAbroad(place, join(directory, 'abroad'))
  const digest = await digestOf(rehearsal, 'v3')
  await step(stage, 'promote v3 abroad', {
    place,
    async act() {
      const issue = await openIssue({ terminal, app, place }, 'omar', 'v3 for Europe')
      await issue.comment('omar', `/promote europe ${digest}`, 'v3 of shop/support-desk is to enter europe')
    },
    goal: { europe: 'v3' },
  })
  stage.promotions += 1
}

/** A commit beside the solution deploys nothing. */
export async function nothingChanged(stage: Stage): Promise<void> {
  const { terminal, desk, rehearsal } = stage
  chapter(stage, 'A commit that changes nothing of the solution is pushed: nothing is deployed')
  const known = readDeployments(rehearsal).length
  await step(stage, 'push no change', { act: () => desk.pushChange('no-change'), goal: { dev: 'v3' } })
  if (readDeployments(rehearsal).length !== known) throw unexpected('a commit that changes nothing was deployed')
  stage.steps.push({ step: 'push no change', version: 'v3', ring: 'dev', state: 'active' })
  terminal.say('  no deployment')
}

async function merge(stage: Stage, version: string, goal: Readonly<Record<string, string>>) {
  let pull = 0
  await step(stage, `push ${version}`, {
    async act() {
      pull = await stage.desk.mergeChange(version, 'lena')
    },
    goal: { dev: version, ...goal },
  })
  return onIssue(meetingIn(stage), pull)
}

function isRolledBack({ rehearsal }: Stage, ring: string, version: string): boolean {
  return readDeployments(rehearsal).some(
    one => one.ring === ring && one.version === version && one.state === 'rolled_back',
  )
}

function isUnderWay({ rehearsal }: Stage, ring: string, version: string): boolean {
  const states = ['deploying', 'validating']
  return readDeployments(rehearsal).some(
    one => one.ring === ring && one.version === version && states.includes(one.state),
  )
}
