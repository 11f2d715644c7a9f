/** Makes several parties do something at once, again and again: nobody goes on before all who are left have come. */
export interface MeetingPoint {
  /** Resolves once every party that is left has called it. */
  meet(): Promise<void>
  /** One party will not come any more. */
  leave(): void
}

export function createMeetingPoint(parties: number): MeetingPoint {
  let left = parties
  let waiting: (() => void)[] = []
  const release = (): void => {
    if (waiting.length < left) return
    const all = waiting
    waiting = []
    for (const go of all) go()
  }
  return {
    meet: () =>
      new Promise<void>(resolve => {
        waiting.push(resolve)
        release()
      }),
    leave() {
      left -= 1
      release()
    },
  }
}
