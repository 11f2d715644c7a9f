import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { meetJob } from '../enforcement/meet-job.ts'
import { runIdOf } from '../ring-history.ts'

/** Deployments of an environment that are looked through for the one of a job: it was made when the job came to wait. */
const farthest = 30

/** Meets the jobs that wait at our protection rule and of which no delivery told. */
export async function meetWaiting(ports: ControlPorts, github: RepositoryOnGithub, key: RepositoryKey): Promise<void> {
  const guarded = new Map<string, boolean>()
  for await (const { run, environments } of github.rules.waiting()) {
    for (const { name } of environments) {
      if (!guarded.has(name)) guarded.set(name, await isGuarded(github, name))
      if (guarded.get(name) !== true) continue
      const githubDeployment = await deploymentOf(github, name, run.id)
      if (githubDeployment === undefined || (await isMet(ports, key, { run: run.id, githubDeployment }))) continue
      await meetJob(ports, { ...key, run: run.id, environment: name, githubDeployment })
    }
  }
}

async function isGuarded({ inventory }: RepositoryOnGithub, environment: string): Promise<boolean> {
  const protection = await inventory.protection(environment)
  return protection?.customRules.some(rule => rule.isOurs && rule.isEnabled) ?? false
}

/** The Deployment that GitHub opened for a run's job: by the run whose log its status shows. */
async function deploymentOf(
  { deployments }: RepositoryOnGithub,
  environment: string,
  run: number,
): Promise<number | undefined> {
  let seen = 0
  for await (const recorded of deployments.list({ environments: [environment] })) {
    if (runIdOf(recorded.statuses) === run) return recorded.id
    seen += 1
    if (seen === farthest) return undefined
  }
  return undefined
}

/** A job of a further attempt has a Deployment of its own, and asks again. */
async function isMet(
  { store }: ControlPorts,
  key: RepositoryKey,
  job: { readonly run: number; readonly githubDeployment: number },
): Promise<boolean> {
  const { repository } = key
  const carried = await store.transaction(key, tx => tx.promotions.find({ repository, run: job.run, limit: 10 }))
  return carried.some(({ waitingJob }) => waitingJob === job.githubDeployment)
}
