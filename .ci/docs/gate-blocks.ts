import { type GateName, gateNames } from '../../src/domain/gates/gate-verdict.ts'
import { markdownTable } from './markdown-table.ts'

/** What of `docs/gates.md` comes from the source: that every gate is there, in the order in which people read them. */
export function gateBlocks(): Readonly<Record<string, string>> {
  return {
    gates: markdownTable(
      ['gate', 'passes when', 'does not pass when', 'what to do'],
      gateNames.map(name => [`\`${name}\``, ...guides[name]]),
    ),
  }
}

type Guide = readonly [passes: string, doesNot: string, todo: string]

const guides: Readonly<Record<GateName, Guide>> = {
  requester: [
    'whoever asked may still promote into the ring',
    'their role or team has changed since',
    'somebody who may promotes: `/promote <ring> <version>`',
  ],
  drafts: [
    'it is a published version, or the ring says `accepts: drafts`',
    'it is the draft of an open pull request',
    'merge the pull request; its merge commit becomes a version',
  ],
  ring_order: [
    'this digest was active and healthy in the ring that `after` names, and was not rolled back there since',
    'it never was there, or is not healthy there',
    'promote it into the ring before. In need: `--skip-order --reason "…"` (an admin)',
  ],
  quarantine: [
    'it was never rolled back automatically in this ring or an earlier one',
    'it is in quarantine',
    'fix it and push. If the version was not at fault: `/unquarantine <version> <ring> --reason "…"`',
  ],
  soak: [
    'it has been healthy in the ring before for as long as `soak` says',
    'it has not been there for so long',
    'wait: it passes by itself at the time that it names. In need: `--skip-order --reason "…"` (an admin)',
  ],
  hold: [
    'somebody asked for it, or nobody has rolled the ring back since the last promotion',
    'the ring was rolled back, and this version came by itself',
    'look why it was rolled back, then `/promote <ring> <version>`',
  ],
  checks: [
    "the checks and statuses of the artifact's commit passed, as `gates.checks` says",
    'one runs, failed, or was never reported',
    'wait, or repair the check and run it again on GitHub; the gate is asked again by itself',
  ],
  review: [
    'the pull request of the version is as `gates` asks',
    'a review, a label or an update is missing',
    'review it, update the branch, set the label: as the row says',
  ],
  compatibility: [
    'callers of what runs in the ring are served as before, or `gates.compatibility` is not `block`',
    'an interface breaks',
    'keep the old interface beside the new one, or let callers change first',
  ],
  configuration: [
    'the ring has every secret, connector and required value that the version wants (names only)',
    'one is missing',
    'set what the row names: a secret in the GitHub Environment of the ring, a value in the ring file; then `/retry <ring>`',
  ],
  sub_agents: [
    'everything that it calls in other solutions is deployed in the ring of the same name, or pinned',
    'one is not there',
    'promote that solution first, or pin it to a published version',
  ],
  rollback_ready: [
    'the version that the ring would go back to could be restored now, or the ring does not require it',
    'its artifact or configuration is gone',
    'publish it again, or give the App credentials for the store (`RINGWAY_STORE_*`)',
  ],
  budget: ['the ring has a budget, where `gates.budget` asks for one', 'it has none', 'write one into the ring file'],
  lock: [
    'nobody else keeps promotions out of the ring or the repository',
    'somebody holds a lock',
    'ask who holds it (`/lock <ring> --details`); `/unlock <ring>`',
  ],
  windows: [
    'a window is open and no freeze is on',
    'it is outside of the window, or frozen',
    'wait: it names the time. In need, where the freeze excepts hotfixes: `--hotfix --reason "…"` (an admin)',
  ],
  approvals: [
    'enough of the people that `gates.approvals` names said yes to exactly this version, over exactly what runs now, under exactly these rules',
    'one is missing; or the version, what runs or the rules changed, and approvals lapsed; or somebody rejected it',
    '`/approve <ring>`, by somebody who neither asked for it nor wrote it',
  ],
}
