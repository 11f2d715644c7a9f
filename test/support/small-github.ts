import { type CommitSha, epochMs } from '../../src/domain/units.ts'
import type { Version } from '../../src/domain/version.ts'
import type { RepositoryOnGithub } from '../../src/engine/control/control-ports.ts'
import type { NewDeployment, RecordedDeployment } from '../../src/ports/deployments.ts'
import type { PullRequest } from '../../src/ports/pull-requests.ts'
import type { Dispatch } from '../../src/ports/workflow-runs.ts'

/** A run of the world; what it does is played by whoever tests. */
export interface SmallRun extends Dispatch {
  readonly id: number
  completed: boolean
  /** Whether GitHub told that it has completed. */
  isTold: boolean
}

/** What GitHub knows of one repository, as plain values that a test changes. */
export interface SmallGithub {
  ringFile: string
  readonly versions: Version[]
  readonly deployments: { readonly id: number; readonly wanted: NewDeployment; readonly said: string[] }[]
  readonly runs: SmallRun[]
  readonly pulls: Map<number, PullRequest>
  /** Role by user id. */
  readonly roles: Map<number, string>
  /** Ids of comments that got a reaction of ours, once for each time. */
  readonly reactions: number[]
  /** How often the sticky comment of an issue was made. */
  readonly comments: Map<number, number>
  /** The last id that was given. */
  lastId: number
  /** Is asked before every call; whatever it throws is what the call ends with. `write`: the call changes something. */
  before: (call: string, write: boolean) => Promise<void>
}

/** A GitHub without anything in it. */
export function createSmallGithub(): SmallGithub {
  return {
    ringFile: '',
    versions: [],
    deployments: [],
    runs: [],
    pulls: new Map(),
    roles: new Map(),
    reactions: [],
    comments: new Map(),
    lastId: 1_000,
    before: async () => undefined,
  }
}

/** The repository as the App sees it. It keeps the promises that the ports state: what is found by a key is made once. */
export function openSmallRepository(world: SmallGithub): RepositoryOnGithub {
  const newId = (): number => {
    world.lastId += 1
    return world.lastId
  }
  const read = async <T>(call: string, answer: () => T): Promise<T> => {
    await world.before(call, false)
    return answer()
  }
  const write = async <T>(call: string, change: () => T): Promise<T> => {
    await world.before(call, true)
    return change()
  }
  const recorded = ({ id, wanted, said }: SmallGithub['deployments'][number]): RecordedDeployment => ({
    id,
    environment: wanted.environment,
    commit: wanted.commit,
    task: wanted.task,
    payload: wanted.payload,
    creator: undefined,
    createdAt: epochMs(id),
    statuses: said
      .map(description => ({
        state: 'in_progress',
        description,
        creator: undefined,
        createdAt: epochMs(id),
        logUrl: undefined,
        environmentUrl: undefined,
      }))
      .toReversed(),
  })
  // What it reads, it reads once.
  let ringFile: Promise<string> | undefined
  return {
    repository: {
      fullName: 'acme/shop',
      defaultBranch: async () => 'main',
      readText: async ({ path }) => {
        if (!path.endsWith('rings.yml')) return undefined
        ringFile ??= read('readText', () => world.ringFile).catch((error: unknown) => {
          ringFile = undefined
          throw error
        })
        return await ringFile
      },
      readOrganisationText: async () => undefined,
    },
    deployments: {
      async *list({ environments }) {
        const all = await read('deployments.list', () => world.deployments.toReversed())
        for (const one of all) if (environments.includes(one.wanted.environment)) yield recorded(one)
      },
      read: id =>
        read('deployments.read', () => {
          const found = world.deployments.find(one => one.id === id)
          return found && recorded(found)
        }),
      open: wanted =>
        write('deployments.open', () => {
          const isSame = (one: { wanted: NewDeployment }): boolean =>
            one.wanted.payload.promotion === wanted.payload.promotion
          const earlier = wanted.repeated === true ? world.deployments.find(isSame) : undefined
          if (earlier !== undefined) return recorded(earlier)
          const opened = { id: newId(), wanted, said: [] }
          world.deployments.push(opened)
          return recorded(opened)
        }),
      report: (id, status) =>
        write('deployments.report', () => {
          const said = world.deployments.find(one => one.id === id)?.said
          if (status.repeated === true && said?.at(-1) === status.description) return
          said?.push(status.description)
        }),
    },
    environments: { hasCustomRule: async () => false, hasRequiredReviewers: async () => false },
    inventory: {
      settings: async () => ({ environment: nothingSet, repository: nothingSet, organisation: nothingSet }),
      protection: async () => undefined,
    },
    versions: {
      async *list() {
        yield* world.versions.toReversed()
      },
      read: (_solution, number) => read('versions.read', () => world.versions.find(one => one.number === number)),
      create: () => Promise.reject(new TypeError('the App creates no versions')),
      defaultBranchHead: async () => headOf(world),
    },
    checks: { list: () => read('checks.list', () => []), required: async () => [] },
    reach: {
      isReachable: commit => read('isReachable', () => world.versions.some(one => one.commit === commit)),
    },
    statuses: { post: () => write('statuses.post', () => 'posted') },
    board: {
      show: run =>
        write('board.show', () => (run.known === undefined || run.known === 'none' ? newId() : run.known.id)),
    },
    conversation: {
      react: comment =>
        write('react', () => {
          world.reactions.push(comment)
          return 'reacted'
        }),
      show: ({ issue, known }) =>
        write('conversation.show', () => {
          const there = known ?? world.comments.get(issue)
          if (there !== undefined) return there
          const id = newId()
          world.comments.set(issue, id)
          return id
        }),
      read: async () => undefined,
      async *since() {},
    },
    people: {
      roleOf: ({ id }) => read('roleOf', () => ({ role: world.roles.get(id) ?? 'none', permission: 'write' as const })),
      isMember: async () => false,
      teamsOf: async () => [],
      account: async () => undefined,
    },
    pullRequests: {
      read: number => read('pullRequests.read', () => world.pulls.get(number)),
      reviews: async () => ({ decision: 'none', reviews: [] }),
      commits: async () => ({ commits: [], isComplete: true }),
      behindBy: async () => 0,
      ofCommit: commit => read('ofCommit', () => [...world.pulls.values()].filter(pull => pull.head.commit === commit)),
      label: async () => undefined,
      between: async () => undefined,
    },
    rules: {
      decide: async () => 'decided',
      report: async () => 'reported',
      async *waiting() {},
      history: async () => [],
    },
    runs: {
      dispatch: wanted =>
        write('dispatch', () => {
          const earlier =
            wanted.repeated === true ? world.runs.find(one => one.promotion === wanted.promotion) : undefined
          if (earlier !== undefined) return shown(earlier)
          const run: SmallRun = { ...wanted, id: newId(), completed: false, isTold: false }
          world.runs.push(run)
          return shown(run)
        }),
      startedFor: async () => [],
      read: id =>
        read('runs.read', () => {
          const found = world.runs.find(one => one.id === id)
          return found && shown(found)
        }),
    },
    runRecords: {
      read: async () => undefined,
      cancel: id =>
        write('cancel', () => {
          const found = world.runs.find(one => one.id === id)
          if (found === undefined || found.completed) return 'ended'
          found.completed = true
          return 'cancelled'
        }),
    },
    runUrl: run => `https://github.test/acme/shop/actions/runs/${run}`,
    artifacts: undefined,
  }
}

const nothingSet = { secrets: [], variables: [] }

function shown({ id, completed }: SmallRun): {
  readonly id: number
  readonly url: string
  readonly completed: boolean
} {
  return { id, url: `https://github.test/acme/shop/actions/runs/${id}`, completed }
}

function headOf({ versions }: SmallGithub): CommitSha {
  const newest = versions.at(-1)
  if (newest === undefined) throw new TypeError('nothing was pushed yet')
  return newest.commit
}
