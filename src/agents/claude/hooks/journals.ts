import { createEntries, type Entries } from '../entries.ts';
import { isJournal } from '../place.ts';
import { type KeptJournal, readJournal } from './journal.ts';

/** What our hooks have recorded, read again and again. */
export interface Journals {
  /** The directories that are read, with their entries. */
  readonly entries: readonly (readonly [string, Entries<KeptJournal>])[];
  /** Reads what was touched. Returns whether anything is different now. */
  refresh(nowMs: number): Promise<boolean>;
  /** Returns the journals of the sessions whose files are in a home, by session. */
  of(home: string): ReadonlyMap<string, KeptJournal>;
}

/** Creates the reader of journals in directories that may not exist. */
export function createJournals(directories: readonly string[]): Journals {
  let lookedAt = 0;
  const entries = directories.map((directory) => {
    const load = (name: string, before: KeptJournal | null) => readJournal(directory, name, before, lookedAt);
    return [directory, createEntries<KeptJournal>({ directory, isWanted: isJournal, load })] as const;
  });
  return {
    entries,
    async refresh(nowMs) {
      lookedAt = nowMs;
      let hasChanged = false;
      for (const [, journals] of entries) {
        // A hook that was killed reports nothing, so questions have to be checked again and again.
        for (const [name, journal] of journals.values) if (isAsking(journal)) journals.touch(name);
        hasChanged = (await journals.refresh()) || hasChanged;
      }
      return hasChanged;
    },
    of(home) {
      const all = entries.flatMap(([, { values }]) => [...values.values()]);
      const ours = all.filter(({ signals }) => signals.home === home);
      return new Map(ours.map((journal) => [journal.sessionId, journal]));
    },
  };
}

export function isAsking({ signals }: KeptJournal): boolean {
  return signals.asks.length > 0;
}
