/** An installation of the App: a tenant. */
export interface Installation {
  /** Its id: the tenant's. */
  readonly id: number
  /** The account that installed the App. */
  readonly account: {
    readonly login: string
    readonly id: number
    readonly kind: 'organisation' | 'user' | 'enterprise'
  }
  readonly suspended: boolean
  /** What was granted, by GitHub's key: `deployments` → `write`. */
  readonly permissions: Readonly<Record<string, string>>
  /** The events that it is told of. */
  readonly events: readonly string[]
}

/** A repository that an installation covers. */
export interface InstalledRepository {
  readonly id: number
  /** `owner/name` */
  readonly fullName: string
  readonly defaultBranch: string
  readonly isPrivate: boolean
  readonly isArchived: boolean
  readonly isFork: boolean
}

/** Who installed the App, and where. */
export interface Installations {
  /** Every installation, read from GitHub as far as the caller iterates. */
  list(): AsyncIterable<Installation>

  /** @returns undefined when the App is not, or no longer, installed under this id */
  read(tenant: number): Promise<Installation | undefined>

  /**
   * The repositories of an installation.
   *
   * @throws {RingwayError} `app_not_installed`
   */
  repositories(tenant: number): AsyncIterable<InstalledRepository>
}
