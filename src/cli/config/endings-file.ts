import type { Clock } from '../../clock.ts';
import { createRememberedFile } from '../../io/remembered-file.ts';
import { jsonObject } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { words } from '../../model/text.ts';
import type { Environment } from '../../storage/home.ts';
import { type Dismissals, mergedDismissals } from '../../store/dismissals.ts';

/** What a person has done with ended tasks, remembered in the state directory. */
export interface EndingsFile {
  /** Returns nothing if the file cannot be read. */
  load(): Promise<Dismissals>;
  /**
   * Saves what has changed since the last load or save; keeps what other views have saved meanwhile. Resolves with the
   * reason if the file could not be written, otherwise with null. Never rejects.
   */
  save(endings: Dismissals): Promise<Problem | null>;
}

/** The kinds of marks: their key in the file and in its name, and what people read. */
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
