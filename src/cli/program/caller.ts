import type { Io } from '../../io/io.ts';

/** Who has called the program, and hears its exit code. */
export interface Caller {
  readonly io: Io;
  /** Where a signal came meanwhile, the exit code is that signal's. */
  readonly finish: (code: number) => void;
  /** Whatever came meanwhile. */
  readonly finishAs: (code: number) => void;
}
