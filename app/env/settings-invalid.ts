import { RingwayError } from '../../src/domain/ringway-error.ts'
import { environmentVariables, type VariableName } from '../env.ts'

/** One environment variable that is missing or wrong. */
export interface SettingProblem {
  readonly variable: VariableName
  /** What came and what was expected; never the value of a secret. */
  readonly message: string
  readonly remedy: string
}

/** The App was told something that it cannot start with. Holds every problem, not only the first. */
export class SettingsInvalid extends RingwayError {
  readonly problems: readonly SettingProblem[]

  constructor(problems: readonly SettingProblem[]) {
    super({
      code: 'settings_invalid',
      message: problems.map(problem => problem.message).join(' '),
      remedy: [...new Set(problems.map(problem => problem.remedy))].join(' '),
      facts: { variables: problems.map(problem => problem.variable) },
    })
    this.problems = problems
  }
}

/** @param came - continues a sentence that begins with the name of the variable: `is empty`, `has 5 bytes` */
export function settingProblem(variable: VariableName, came: string, expected: string): SettingProblem {
  const { remedy } = environmentVariables[variable]
  return { variable, message: `${variable} ${came}; expected is ${expected}.`, remedy }
}
