/** The repository on GitHub that the solutions live in. */
export interface Repository {
  /** `owner/name` */
  readonly fullName: string

  /** The name of the default branch. */
  defaultBranch(): Promise<string>

  /**
   * The text of a file.
   *
   * @param place - `ref`: a commit or a branch; absent: the default branch
   * @returns undefined when there is no such file
   */
  readText(place: { readonly path: string; readonly ref?: string | undefined }): Promise<string | undefined>

  /** The text of a file of the owner's `.github` repository, when there is one that we may read. */
  readOrganisationText(path: string): Promise<string | undefined>
}
