import { expect, it } from 'vitest';
import { isNameable, isNamedLikeSource } from '../../../src/sources/open/file-names.ts';

it.each([
  // A name, whether it may be named as a source, and whether a directory's search opens it.
  ['state.json', true, true],
  ['state.NDJSON', true, true],
  ['issues.jsonl', true, true],
  ['jobs.db', true, true],
  ['jobs.sqlite3', true, true],
  ['TODO.md', true, true],
  ['tasks.md', true, true],
  ['README.md', true, false],
  ['plan.markdown', true, false],
  ['notes.txt', false, false],
  ['json', false, false],
  ['state.json.bak', false, false],
])('%s may be named: %s; is opened by a search: %s', (name, mayBeNamed, isOpened) => {
  expect([isNameable(name), isNamedLikeSource(name)]).toEqual([mayBeNamed, isOpened]);
});
