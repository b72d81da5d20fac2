import type { Clock } from '../clock.ts';
import { createRememberedFile } from '../io/remembered-file.ts';
import type { Problem } from '../model/problem.ts';
import { words } from '../model/text.ts';
import type { Environment } from '../storage/home.ts';

/** The tasks of which nobody is notified, by their places, remembered in the state directory for every taskglass. */
export interface MutesFile {
  /** A file that cannot be read counts as empty. */
  load(): Promise<ReadonlySet<string>>;
  /** Resolves with why it could not be written; null if it was. Never rejects. */
  set(place: string, isMuted: boolean): Promise<Problem | null>;
}

/** How many are remembered; the oldest are dropped first. */
const MOST_REMEMBERED = 10_000;

export function createMutesFile(env: Environment, clock: Clock): MutesFile {
  const file = createRememberedFile<ReadonlySet<string>>(env, clock, {
    key: 'muted',
    title: words`mutes`,
    decode: (value) =>
      new Set(Array.isArray(value) ? value.filter((place) => typeof place === 'string') : []),
    encode: (muted) => [...muted].slice(-MOST_REMEMBERED),
  });
  return {
    load: file.load,
    set: (place, isMuted) =>
      file.change((muted) => {
        const others = [...muted].filter((each) => each !== place);
        return new Set(isMuted ? [...others, place] : others);
      }),
  };
}
