import type { RingFile } from '../solution.ts'

/** A ring as a command has to name it: with its solution where several solutions have a ring of this name. */
export function ringNameInCommands(
  { solutions }: Pick<RingFile, 'solutions'>,
  { solution, ring }: { readonly solution: string; readonly ring: string },
): string {
  const isAmbiguous = solutions.some(other => other.name !== solution && other.rings.some(({ name }) => name === ring))
  return isAmbiguous ? `${solution}/${ring}` : ring
}
