/** A step of the set-up that cannot go on, told in the three parts a person needs. */
export class SetupError extends Error {
  /**
   * @param {{ what: string, why: string, fix: string }} parts `what` failed, `why`, and what to do (`fix`)
   */
  constructor({ what, why, fix }) {
    super(what);
    this.name = 'SetupError';
    this.why = why;
    this.fix = fix;
  }

  /** The text for the terminal. */
  report() {
    const indent = (/** @type {string} */ text) => text.trim().replaceAll('\n', '\n    ');
    return `${this.message}\n  Why: ${indent(this.why)}\n  What to do: ${indent(this.fix)}`;
  }
}
