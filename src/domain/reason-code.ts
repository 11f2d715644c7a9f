/**
 * Why something ended as it did. Closed: programs may switch on it. The sentence is the meaning that
 * `docs/action.md` shows; what a person should do stands in each error's remedy.
 */
export const reasonCodes = {
  ok: 'It was done.',
  nothing_changed: 'The content equals what is there already; nothing was built or deployed.',
  already_done: 'The same was done before; this run changed nothing.',
  dry_run: 'It was decided and said, and nothing was changed.',

  ring_file_missing: 'The repository has no ring file.',
  ring_file_invalid: 'The ring file has problems; each is listed with its line.',
  input_invalid: 'An input of the Action or the command line is missing or wrong.',
  settings_invalid: 'An environment variable of the App is missing or wrong; each is listed with its remedy.',
  feature_not_available: 'The key or the command exists in the grammar, and this version of Ringway cannot do it yet.',
  unknown_solution: 'The ring file declares no such solution.',
  unknown_ring: 'No ring of the ring file uses this environment, or has this name.',
  unknown_version: 'No version of the solution has this name or digest.',

  compile_failed: 'The solution has errors; each is listed with its file.',
  secret_found: 'A file looks like it holds a secret.',
  build_command_failed: 'The `build` command of the solution ended with an error.',
  superseded_by_head: 'The branch has moved on; the build of its head publishes instead.',
  fork_not_published: 'Builds of forks are not published.',

  artifact_not_found: 'The store does not hold the artifact.',
  artifact_refused: 'The artifact holds something that is not allowed to be unpacked.',
  digest_mismatch: 'The bytes are not those that the digest names.',
  store_unreachable: 'The artifact store did not answer as it should.',
  store_denied: 'The artifact store refused the credentials.',
  content_differs: 'The rebuilt content is not that of the version.',

  ring_order: 'The version has not been in the ring before.',
  source_not_healthy: 'The version was in the ring before, but not healthy there.',
  soaking: 'The version has not been healthy long enough in the ring before.',
  outside_window: 'The ring takes deployments only inside its windows.',
  frozen: 'The ring is frozen.',
  quarantined: 'The artifact was rolled back automatically and is in quarantine.',
  checks_pending: 'Checks of the commit have not finished.',
  checks_failed: 'Checks of the commit failed.',
  checks_missing: 'Checks that the ring requires were never reported on the commit.',
  approvals_missing: 'Not enough people have approved yet.',
  rejected: 'Somebody who may approve has rejected it.',
  drafts_not_accepted: 'The ring takes published versions only.',
  already_active: 'The ring points to this version already.',
  no_rollback_target: 'No earlier version was active and healthy in the ring.',
  app_required: 'Only the App can know what this gate needs.',
  deployment_mismatch: 'The deployment that was named is not one for this environment and artifact.',
  pointer_moved: 'Another deployment became active in the ring since this one was decided.',
  in_progress: 'Another deployment of the ring is in progress.',

  deploy_command_failed: 'The target did not take the version.',
  validation_failed: 'A check of the new version failed.',
  restore_failed: 'The previous version could not be restored on the target.',
  rollback: 'It brings back a version that was active and healthy before.',
  rolled_back_by_person: 'A person rolled the version back.',
  superseded_by_newer: 'A newer deployment took its place before it began.',
  cancelled: 'It was cancelled before it ended.',
  run_vanished: 'The run that carried it ended without saying how.',

  unauthenticated: 'The request does not prove who makes it.',
  token_replayed: 'The identity token was used before.',
  unauthorised_run: 'The run is not one that the App let go ahead.',
  not_permitted: 'The role of whoever asks does not allow it.',
  not_found: 'There is no such thing, or whoever asks may not know of it.',
  request_invalid: 'The request is not one that the API takes.',
  idempotency_key_reused: 'The Idempotency-Key came with another request before.',
  request_in_progress: 'The same request is being answered already.',
  audit_chain_broken: 'An entry of the audit log is not the one that was written.',

  github_unreachable: 'GitHub did not answer as it should.',
  app_not_installed: 'The App is not installed there, no longer, or suspended.',
  github_denied: 'GitHub refused: the token lacks a permission, or the thing does not exist.',
  database_unreachable: 'The database did not answer as it should.',
  database_incompatible: 'The database was made by another version of PostgreSQL or of Ringway.',
  lease_lost: 'Another replica took the work over, because this one did not answer for too long.',
  internal_error: 'Ringway met something that it did not foresee; please report it.',
} as const

/** A key of {@link reasonCodes}. */
export type ReasonCode = keyof typeof reasonCodes

/** Whether `text` is one of the closed list. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(reasonCodes, text)
}
