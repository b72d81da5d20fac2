import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import type { FinishedRun } from '../../src/model/run.ts';
import { createLazyHistory } from '../../src/session/history.ts';
import { openRunHistory } from '../../src/storage/run-history.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const JOB = { kind: 'memory', name: 'backup', steps: ['backup'] };
const run = (number: number): FinishedRun => ({
  job: JOB,
  task: `backup ${number}`,
  startedAt: number * 1_000_000,
  durationMs: 5_000,
  outcome: 'completed',
  events: [],
  foretold: null,
});

function open(file: string) {
  const problems: Problem[] = [];
  return { problems, history: createLazyHistory(file, (said) => problems.push(said)) };
}

describe('the history of a view', () => {
  it('makes no file to look something up, only to learn', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('data/history.db');
    const { history, problems } = open(file);
    expect(history.runsLike(JOB).runs).toEqual([]);
    expect([history.usualMs(JOB), history.score()]).toEqual([null, null]);
    expect(existsSync(file)).toBe(false);
    history.learn([run(1)]);
    expect([history.usualMs(JOB), history.score()]).toEqual([5_000, { foretold: 0, held: 0 }]);
    history.close();
    expect(problems).toEqual([]);
  });

  it('while others write, keeps what it could not write, says so once, and writes it when they are done', async () => {
    await using directory = await temporaryDirectory();
    const other = openRunHistory(directory.file('history.db'));
    other.database.exec('BEGIN IMMEDIATE');
    const { history, problems } = open(directory.file('history.db'));
    history.learn([run(1)]);
    history.learn([run(2)]);
    expect(problems).toMatchObject([
      { severity: 'degraded', message: expect.stringContaining('another program is blocking') },
    ]);
    other.database.exec('COMMIT');
    history.learn([run(3)]);
    expect(history.runsLike(JOB).runs).toHaveLength(3);
    other.database.exec('BEGIN IMMEDIATE');
    history.learn([run(4)]);
    other.database.exec('COMMIT');
    history.close();
    expect(other.runsLike(JOB).runs).toHaveLength(4);
    other.close();
    expect(problems).toHaveLength(1);
  });

  it('does without one that is broken: said once, and not tried again', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('history.db');
    await writeFile(file, 'this has never been a database, and never will be');
    const { history, problems } = open(file);
    expect(history.runsLike(JOB).runs).toEqual([]);
    history.learn([run(1)]);
    expect(history.usualMs(JOB)).toBeNull();
    history.close();
    expect(problems).toMatchObject([{ hint: 'taskglass config history --forget --all starts over' }]);
  });

  it('does without one whose contents were torn', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('history.db');
    const before = openRunHistory(file);
    before.learn([run(1)]);
    before.database.exec("UPDATE jobs SET steps = 'torn'");
    before.close();
    const { history, problems } = open(file);
    expect(history.runsLike(JOB).runs).toEqual([]);
    history.close();
    expect(problems).toMatchObject([{ message: expect.stringContaining('ETAs cannot use earlier runs') }]);
  });
});
