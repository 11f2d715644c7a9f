/** Room on this machine for one run, gone when it ends. */
export interface WorkDirectory {
  /** An absolute path inside the room that does not exist yet. */
  path(name: string): string
}
