import { mkdir, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createFileOpener } from '../../src/session/found-files.ts';
import { createFileNames } from '../../src/session/name-files.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

it('opens each thing that is found once, and nothing in a directory that is read as a whole', async () => {
  await using directory = await temporaryDirectory();
  await mkdir(directory.file('.beads'));
  await writeFile(directory.file('.beads/issues.jsonl'), '');
  await writeFile(directory.file('prd.json'), '{"userStories":[]}');
  const open = createFileOpener({
    context: { clock: systemClock, env: {} },
    names: createFileNames(),
    opened: [],
  });
  const beads = { path: directory.file('.beads'), format: 'beads' } as const;
  const issues = { path: directory.file('.beads/issues.jsonl'), format: 'beads' } as const;
  const stories = { path: directory.file('prd.json'), format: 'feature-list' } as const;
  expect((await open([beads])).sources.map(({ kind, location }) => [kind, location])).toEqual([
    ['beads', beads.path],
  ]);
  expect((await open([issues, stories, beads])).fresh).toEqual([stories]);
});
