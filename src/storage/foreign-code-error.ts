/** Thrown if writing to a database would run code that somebody else has put there, such as a trigger. */
export class ForeignCodeError extends Error {
  override readonly name = 'ForeignCodeError';
  /** SQL that removes the first piece of it. */
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(what);
    this.remedy = remedy;
  }
}
