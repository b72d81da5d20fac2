import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import type { Environment } from '../../storage/home.ts';

/** What a source is opened with whose tasks a program of this user's has. */
export interface ProgramOptions {
  readonly id: SourceId;
  readonly clock: Clock;
  /** Where the program, and what it keeps, is looked for. Our secrets are taken out before anything is started. */
  readonly env: Environment;
  /** The directory in which it is started, and from which relative places start. */
  readonly cwd: string;
}

/** The same for a program that can be named with a place; '' is its usual one. */
export interface PlacedOptions extends ProgramOptions {
  readonly place: string;
}
