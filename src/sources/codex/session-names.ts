import { join } from 'node:path';
import { createGrowingLines } from '../../io/growing-lines.ts';
import { jsonObject, readJson } from '../../model/json.ts';
import { type PlainText, plainNameOrNull } from '../../model/text.ts';

/** How many names are remembered, the newest. */
const MOST_NAMES = 10_000;

export function indexOf(home: string): string {
  return join(home, 'session_index.jsonl');
}

/** Creates the names that the user has given to sessions, by session id. `read` brings them up to date. */
export function createSessionNames(home: string): {
  read(): Promise<void>;
  nameOf(id: string | null): PlainText | null;
} {
  const names = new Map<string, PlainText>();
  const index = createGrowingLines(indexOf(home), {
    isWanted: (line) => line.includes('thread_name'),
    isHead: () => true,
    isEnd: () => false,
  });

  function take(line: string): void {
    const entry = jsonObject(readJson(line));
    const name = plainNameOrNull(entry?.thread_name);
    if (typeof entry?.id !== 'string' || name === null) return;
    names.delete(entry.id);
    names.set(entry.id, name);
    const [oldest] = names.keys();
    if (names.size > MOST_NAMES && oldest !== undefined) names.delete(oldest);
  }

  return {
    async read() {
      // Most installations have no such file.
      const news = await index.read().catch(() => null);
      if (news?.kind === 'anew') names.clear();
      if (news && news.kind !== 'same') for (const line of news.lines) take(line);
    },
    nameOf: (id) => (id === null ? null : (names.get(id) ?? null)),
  };
}
