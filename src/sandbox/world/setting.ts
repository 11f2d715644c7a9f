/** A variable or a secret of a repository, an organisation or an environment. Secrets are kept in clear: this is a rehearsal. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Settings by upper-case name, because GitHub compares their names without case. */
export type Settings = Map<string, Setting>

export function putSetting(settings: Settings, setting: { name: string; value: string; now: Date }): Setting {
  const key = setting.name.toUpperCase()
  const before = settings.get(key)
  const after: Setting = {
    name: key,
    value: setting.value,
    createdAt: before?.createdAt ?? setting.now,
    updatedAt: setting.now,
  }
  settings.set(key, after)
  return after
}
