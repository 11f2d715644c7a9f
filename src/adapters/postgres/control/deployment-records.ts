import * as z from 'zod'
import type { DeploymentRecords } from '../../../ports/control-store.ts'
import { whole } from './columns.ts'
import { deploymentRow, deploymentShape } from './deployment-row.ts'
import { insertStatement, updateRow } from './row-statements.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const isFinal = `state in ('failed', 'rolled_back', 'superseded')`
const ofRing = 'tenant = $1 and repository = $2 and solution = $3 and ring = $4'

/** Each part has an index of its own; the ids are few, whatever the ring has seen. */
const history = `select * from deployment where tenant = $1 and id in (
    (select id from deployment where ${ofRing} order by id desc limit $5)
    union (select id from deployment where ${ofRing} and not ${isFinal})
    union (select id from deployment where ${ofRing} and digest = $6)
  ) order by id`

/** Deployments in PostgreSQL. */
export function deploymentRecords(queries: TenantQueries): DeploymentRecords {
  return {
    add: async deployment => {
      confirmTenant(queries, deployment.key)
      const { repository, solution, ring } = deployment.key
      const row = { repository, solution, ring, ...deploymentRow(deployment) }
      const { sql, values } = insertStatement('deployment', row, 'returning id')
      const [added] = await queries.query(z.object({ id: whole }), sql, values)
      if (added === undefined) throw new TypeError('an insert that returns its id returned none')
      return added.id
    },
    save: async deployment => {
      confirmTenant(queries, deployment.key)
      const { repository, solution, ring } = deployment.key
      const key = { id: deployment.id, repository, solution, ring }
      await updateRow(queries, 'deployment', { key, row: deploymentRow(deployment) })
    },
    read: async id => {
      if (id === undefined) return undefined
      const [found] = await queries.query(deploymentShape, 'select * from deployment where tenant = $1 and id = $2', [
        id,
      ])
      return found
    },
    history: async (key, of = {}) => {
      confirmTenant(queries, key)
      const values = [key.repository, key.solution, key.ring, of.limit ?? 100, of.digest]
      return queries.query(deploymentShape, history, values)
    },
    list: async (key, { before, limit }) => {
      confirmTenant(queries, key)
      const sql = `select * from deployment where ${ofRing} and ($5::bigint is null or id < $5) order by id desc limit $6`
      return queries.query(deploymentShape, sql, [key.repository, key.solution, key.ring, before, limit])
    },
    findByGithub: async (repository, githubId) => {
      const sql = 'select * from deployment where tenant = $1 and repository = $2 and github_id = $3'
      const [found] = await queries.query(deploymentShape, sql, [repository, githubId])
      return found
    },
    unfinished: repository => {
      const sql = `select * from deployment where tenant = $1 and repository = $2 and not ${isFinal} and state <> 'active' order by id`
      return queries.query(deploymentShape, sql, [repository])
    },
    slotsTaken: async repository => {
      // One that was active and is being rolled back has no run any more: the deployment that restores holds the slot.
      const sql = `select count(*) as taken from deployment where tenant = $1 and repository = $2 and not ${isFinal}
        and state in ('building', 'deploying', 'validating', 'rolling_back') and activated_at is null`
      const [counted] = await queries.query(z.object({ taken: whole }), sql, [repository])
      return counted?.taken ?? 0
    },
  }
}
