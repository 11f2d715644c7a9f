import type { Migration } from '../migrate.ts'
import { intake } from './001-intake.ts'

/** All migrations in their order. A new one is a file of its own, named by its place, added at the end. */
export const migrations: readonly Migration[] = [intake]
