import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { SourceEvent } from '../../src/model/event.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName } from '../../src/model/text.ts';
import { createRepositoryNamer } from '../../src/session/name-repositories.ts';
import type { Source, SourceKind } from '../../src/sources/kit/source.ts';
import { parseFilter } from '../../src/store/filter.ts';
import { makeEntry, makeTask, TEST_SOURCE } from '../helpers/task.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

function sourceOf(kind: SourceKind, events: readonly SourceEvent[]): Source {
  return {
    id: TEST_SOURCE,
    kind,
    location: 'here',
    commands: {},
    async *events() {
      yield* events;
    },
  };
}

async function tell(kind: SourceKind, ...events: SourceEvent[]): Promise<Task[]> {
  const source = createRepositoryNamer(systemClock)(sourceOf(kind, events));
  const told: Task[] = [];
  for await (const event of source.events({ signal: new AbortController().signal })) {
    if (event.type === 'changed') told.push(event.task);
    if (event.type === 'snapshot') told.push(...event.tasks);
  }
  return told;
}

it('is named on each task whose directory is here', async () => {
  await using place = await temporaryDirectory();
  await mkdir(place.file('shop/.git'), { recursive: true });
  await writeFile(place.file('shop/.git/HEAD'), 'ref: refs/heads/main\n');
  const cwd = plainName(place.file('shop/src'));
  const here = makeTask('here', { cwd });
  const tasks = [
    here,
    makeTask('named', { cwd, host: plainName(hostname()) }),
    makeTask('elsewhere', { cwd, host: plainName('far.example') }),
    makeTask('outside', { cwd: plainName(place.path) }),
    makeTask('relative', { cwd: plainName('shop') }),
    makeTask('nowhere'),
    makeTask('told', { cwd, repo: plainName('/srv/told') }),
  ];
  const told = await tell(
    'memory',
    { type: 'snapshot', revision: 1, tasks },
    { type: 'changed', task: here },
    { type: 'live' },
  );
  const shop = place.file('shop');
  const repos = [shop, shop, undefined, undefined, undefined, undefined, '/srv/told', shop];
  expect(told.map(({ repo }) => repo)).toEqual(repos);
  expect(told.at(-1)).toBe(told[0]);
  expect(told[5]).toBe(tasks[5]);
  const found = told.map((task) => makeEntry(task)).filter(parseFilter('repo:shop -name:named'));
  expect(found).toHaveLength(2);
  expect(await tell('attach', { type: 'changed', task: here })).toEqual([here]);
});
