import type * as z from 'zod'
import type { ConfigLayer } from '../domain/configuration.ts'
import { organisationFileSchema } from './grammar/ring-file-schema.ts'
import type { Problem } from './problem.ts'
import { type FileGrammar, readAgainstSchema } from './read-against-schema.ts'

/** What reading an organisation's file gave. */
export type OrganisationFileReading =
  | { readonly ok: true; readonly config: ConfigLayer }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const grammar: FileGrammar<z.output<typeof organisationFileSchema>> = {
  schema: organisationFileSchema,
  check: () => [],
}

/**
 * Reads the ring file of an organisation's `.github` repository, which holds configuration for all its repositories and nothing else.
 * Never throws, whatever the text.
 *
 * @param text - the file
 * @param path - its name, as problems show it
 */
export function readOrganisationFile(text: string, path = '.github/rings.yml'): OrganisationFileReading {
  const reading = readAgainstSchema(text, { path, grammar })
  return reading.ok ? { ok: true, config: reading.value.config } : reading
}
