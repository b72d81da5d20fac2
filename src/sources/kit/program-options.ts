import type { Clock } from '../../clock.ts';
import type { SourceId } from '../../model/id.ts';
import type { Environment } from '../../storage/home.ts';

/** What is needed to open a source whose tasks belong to one of this user's programs. */
export interface ProgramOptions {
  readonly id: SourceId;
  readonly clock: Clock;
  /** Where to look for the program and its files. Our secrets are removed before anything is started. */
  readonly env: Environment;
  /** The directory in which it is started, and to which relative paths refer. */
  readonly cwd: string;
}

/** The same for a program that can be named with a place; '' is its usual one. */
export interface PlacedOptions extends ProgramOptions {
  readonly place: string;
}
