import { readText, writeWhole } from './machine-home.mjs'

/**
 * What a machine has to know after it was killed: its rings' front ports and active versions, and the versions placed.
 *
 * @typedef {{ solution: string, ring: string, port: number, active: string | null }} FrontRecord
 * @typedef {{ schemaVersion: 1, controlPort: number, turn: number, fronts: FrontRecord[], versions: object[] }} State
 * @param {string} path
 */
export function openStateFile(path) {
  return {
    /** @returns {State} */
    read() {
      const text = readText(path)
      if (text === undefined) return { schemaVersion: 1, controlPort: 0, turn: 0, fronts: [], versions: [] }
      const state = JSON.parse(text)
      if (state.schemaVersion === 1) return state
      throw new Error(
        `${path} has schemaVersion ${state.schemaVersion}; this machine reads 1. Move it away to begin anew.`,
      )
    },
    /** On disk when it returns. */
    write(state) {
      writeWhole(path, JSON.stringify(state, undefined, 1))
    },
  }
}
