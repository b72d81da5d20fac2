import type { Problem } from '../../../model/problem.ts';

/** The options of `taskglass run`. */
export interface RunOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  /** Whether its output is kept; only false is ever given. */
  readonly log?: boolean | undefined;
  readonly to?: readonly string[];
  readonly progressPattern?: string | undefined;
  /** false: what the command prints is not searched for progress. */
  readonly progress?: boolean | undefined;
  /** Go on without this terminal. */
  readonly detach?: boolean;
  /** Report it to the user's own terminal. */
  readonly status?: boolean;
  /** After a failure stay, so that the command can be retried. */
  readonly stay?: boolean;
  /** What GitHub is told: problems, all, or off. */
  readonly annotations?: string | undefined;
  readonly config?: string | undefined;
}

/** Who hears what comes back from where a run is published. */
export interface Hearing {
  /** Hears what is wrong while the command runs. */
  readonly onProblem: (problem: Problem) => void;
  readonly onRetry?: () => void;
}
