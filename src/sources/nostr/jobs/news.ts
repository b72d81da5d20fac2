import type { PlainText } from '../../../model/text.ts';

/** What follows from an event. */
export interface News {
  /** Ids of the jobs whose rows may change, or that are no longer known. */
  readonly changed: readonly string[];
  /** Ids of requests that were named, but have not been seen. */
  readonly wanted: readonly string[];
  /** A status that is in no vocabulary. */
  readonly strangeWord: PlainText | null;
}

export const NO_NEWS: News = { changed: [], wanted: [], strangeWord: null };

/** Merges the news of several events. */
export function mergeNews(...news: readonly News[]): News {
  return {
    changed: [...new Set(news.flatMap(({ changed }) => changed))],
    wanted: [...new Set(news.flatMap(({ wanted }) => wanted))],
    strangeWord: news.find(({ strangeWord }) => strangeWord !== null)?.strangeWord ?? null,
  };
}
