import { countOf, NOTHING } from '../found.ts';
import type { JsonReader } from './json-reader.ts';

/** Reads libtest and nextest: a suite says how many tests it has, and each test that ends is a line. Suites add up. */
export function createTestJsonReader(): JsonReader {
  let total = 0;
  let done = 0;
  return ({ type, event, test_count: count }) => {
    if (type === 'suite') {
      if (event === 'started' && typeof count === 'number' && count > 0) total += count;
      return NOTHING;
    }
    if (type !== 'test') return null;
    if (event === 'started' || typeof event !== 'string') return NOTHING;
    done += 1;
    return countOf(Math.min(done, total), total) ?? NOTHING;
  };
}
