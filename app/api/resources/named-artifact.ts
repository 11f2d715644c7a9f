import * as z from 'zod'
import { type NamedArtifact, readNamedArtifact } from '../../../src/domain/command/named-artifact.ts'
import { invalidRequest } from '../invalid-request.ts'

/** The fields that name an artifact, one of which is given. */
export const artifactFields = {
  version: z
    .string()
    .regex(/^v[1-9][0-9]{0,8}$/)
    .optional()
    .describe('Such as v12.'),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional()
    .describe('The digest of a version or a draft, in its stead.'),
}

/** @throws {HttpRefusal} `request_invalid` unless one of the two is given */
export function expectArtifact({
  version,
  digest,
}: {
  readonly version?: string | undefined
  readonly digest?: string | undefined
}): NamedArtifact {
  const text = version ?? digest
  if (text !== undefined && (version === undefined || digest === undefined)) return readNamedArtifact(text)
  throw invalidRequest([{ where: 'body', words: 'Expected either version or digest' }])
}
