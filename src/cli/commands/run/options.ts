import type { Problem } from '../../../model/problem.ts';

/** The options of `taskglass run`. */
export interface RunOptions {
  readonly name?: string;
  readonly quiet?: boolean;
  /** Whether its output is kept; only false is ever given. */
  readonly log?: boolean | undefined;
  readonly to?: readonly string[];
  readonly progressPattern?: string | undefined;
  /** Whether its output is searched for progress. */
  readonly progress?: boolean | undefined;
  /** Whether to run in the background, without this terminal. */
  readonly detach?: boolean;
  /** Whether to report progress to the user's own terminal. */
  readonly status?: boolean;
  /** Whether to stay after a failure, so that the command can be retried. */
  readonly stay?: boolean;
  /** What to annotate on GitHub: problems, all, or off. */
  readonly annotations?: string | undefined;
  readonly config?: string | undefined;
}

/** Receives what comes back from where a run is published. */
export interface Hearing {
  /** Receives what goes wrong while the command runs. */
  readonly onProblem: (problem: Problem) => void;
  readonly onRetry?: () => void;
}
