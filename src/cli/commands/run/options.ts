/** The options of `taskglass run`. */
export interface RunOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  /** Whether its output is kept; only false is ever given. */
  readonly log?: boolean;
  readonly to?: readonly string[];
  readonly progressPattern?: string;
  /** false: what the command prints is not searched for progress. */
  readonly progress?: boolean;
  /** Go on without this terminal. */
  readonly detach?: boolean;
  /** Report it to the user's own terminal. */
  readonly status?: boolean;
  /** After a failure stay, so that the command can be retried. */
  readonly stay?: boolean;
  readonly config?: string;
}
