import type { Clock } from '../../clock.ts';
import { createRememberedFile } from '../../io/remembered-file.ts';
import { jsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { type Dismissals, mergedDismissals } from '../../store/dismissals.ts';

/** What a person has done with tasks that ended, remembered in the state directory. */
export interface EndingsFile {
  /** What cannot be read counts as nothing. */
  load(): Promise<Dismissals>;
  /**
   * Keeps what has changed since this was loaded or saved last; what other views have kept meanwhile stays. Resolves with
   * why it could not be written; null if it was. Never rejects.
   */
  save(endings: Dismissals): Promise<Problem | null>;
}

/** What is kept: how it is called in the file and its name, and to people. */
const KINDS = {
  dismissed: words`dismissals`,
  seen: words`the marks of tasks that were looked at`,
};
export type EndingsKind = keyof typeof KINDS;

export function createEndingsFile(env: Environment, kind: EndingsKind, clock: Clock): EndingsFile {
  const file = createRememberedFile(env, clock, {
    key: kind,
    title: KINDS[kind],
    decode: readEndings,
    encode: (endings) => endings,
  });
  let known: Dismissals = {};
  return {
    async load() {
      known = await file.load();
      return known;
    },
    save(endings) {
      const keep = (kept: Dismissals) => mergedDismissals(kept, known, endings);
      return file.change(keep, () => {
        known = endings;
      });
    },
  };
}

function readEndings(value: unknown): Dismissals {
  const entries = Object.entries(jsonObject(value) ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
