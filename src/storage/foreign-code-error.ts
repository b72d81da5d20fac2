/** Writing to the file would run what somebody else has put there. */
export class ForeignCodeError extends Error {
  override readonly name = 'ForeignCodeError';
  /** SQL that takes the first of it away. */
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(what);
    this.remedy = remedy;
  }
}
