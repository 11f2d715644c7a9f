/** An answer of no that the caller can do something about. */
export class Refusal extends Error {
  /**
   * @param {{ status: number, code: string, message: string, remedy?: string, evidence?: string }} refusal
   *   `status`: of HTTP; `evidence`: what was printed or read that shows it
   */
  constructor({ status, code, message, remedy, evidence }) {
    super(message)
    this.status = status
    this.code = code
    this.remedy = remedy
    this.evidence = evidence
  }

  /** As it stands in an answer. */
  toJSON() {
    return { code: this.code, message: this.message, remedy: this.remedy, evidence: this.evidence }
  }
}
