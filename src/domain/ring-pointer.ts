/** Which deployment a ring points to. A ring is this pointer; a deployment is what it points to. */
export interface RingPointer {
  /** The ring's name. */
  readonly name: string
  /** The id of the deployment; undefined while the ring points to nothing. */
  readonly deployment: number | undefined
  /** 0 before the first move; rises by one with each. */
  readonly revision: number
}

/** A wish to point a ring elsewhere. */
export interface PointerMove {
  /** The revision that whoever decided has seen. */
  readonly expectedRevision: number
  /** The id of the deployment to point to; undefined points to nothing. */
  readonly to: number | undefined
}

/** What a move came to. `stale` names what the ring points to instead, and under which revision. */
export type PointerOutcome =
  | { readonly kind: 'moved'; readonly pointer: RingPointer }
  | { readonly kind: 'stale'; readonly holder: number | undefined; readonly revision: number }

/** A pointer that nothing has moved yet. */
export function unsetPointer(name: string): RingPointer {
  return { name, deployment: undefined, revision: 0 }
}

/**
 * The pointer of a ring whose only memory is GitHub. Nothing counts its moves there; but a deployment becomes active once, and ids rise, so
 * the id of what it points to is its revision.
 */
export function ringPointer(name: string, deployment: number | undefined): RingPointer {
  return { name, deployment, revision: deployment ?? 0 }
}

/**
 * Compare-and-set: of any number of moves that saw the same revision exactly one wins. Promotion and rollback are this same step.
 */
export function movePointer(pointer: RingPointer, move: PointerMove): PointerOutcome {
  if (move.expectedRevision !== pointer.revision) {
    return { kind: 'stale', holder: pointer.deployment, revision: pointer.revision }
  }
  return { kind: 'moved', pointer: { ...pointer, deployment: move.to, revision: pointer.revision + 1 } }
}
