import type { Graph } from '../manifest.ts'
import type { Component } from '../solution.ts'
import type { TextPlaces } from './text-places.ts'

/** A graph on its way through compile. */
export interface GraphInPlace {
  /** Relative to the repository. */
  readonly path: string
  readonly graph: Graph
  readonly places: TextPlaces
  readonly component: Component
}
