/** One step of the schema. Once it was released it never changes: what is to be different comes in a new one. */
export interface Migration {
  /** `001-intake`: the name of its file, whose number is its place. */
  readonly name: string
  /** Statements without the schema's name, in the syntax of PostgreSQL 15. */
  readonly sql: string
}
