/** The options of `taskglass run`. */
export interface RunOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  readonly to?: readonly string[];
  readonly progressPattern?: string;
  /** After a failure stay, so that the command can be retried. */
  readonly stay?: boolean;
  readonly config?: string;
}
