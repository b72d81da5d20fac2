import { readFile, utimes, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { sourceId } from '../../src/model/id.ts';
import { createMomentReader } from '../../src/model/naive-zone.ts';
import { createFileSource } from '../../src/sources/open/file-source.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { commandContext, openView } from '../sources/source-contract.ts';

const WRITTEN = Date.UTC(2026, 10, 21, 12, 0, 0);
const MINUTE = 60_000;

/** Where taskglass runs, for the rest of a test. */
const zoneBefore = process.env.TZ;
function runIn(zone: string): void {
  process.env.TZ = zone;
}
afterEach(() => {
  if (zoneBefore === undefined) delete process.env.TZ;
  else process.env.TZ = zoneBefore;
});

/** A time as a program in a zone `east` of UTC (minutes) writes it, without saying so. */
const naive = (at: number, east: number) =>
  new Date(at + east * MINUTE).toISOString().replace('Z', '').replace('.000', '.000123');

/** What its times are read as, and whether that is said to be a guess. */
function readIn(document: unknown, times: readonly string[]) {
  const reader = createMomentReader();
  reader.look(document, WRITTEN);
  return { read: times.map(reader.read), said: reader.problem?.message ?? null };
}

describe('times without a zone', () => {
  it.each([
    ['Asia/Tokyo', 9 * 60],
    ['America/New_York', -5 * 60],
    ['Asia/Kathmandu', 5 * 60 + 45],
    ['UTC', 0],
  ])('are local ones in %s, and nothing is guessed', (zone, east) => {
    runIn(zone);
    const [started, newest] = [WRITTEN - 90 * MINUTE, WRITTEN - 300];
    const times = [naive(started, east), naive(newest, east)];
    expect(readIn({ tasks: times }, times)).toEqual({ read: [started, newest], said: null });
    // Long ago, as of a file that was copied: as documented.
    const old = [naive(started - 7 * 86_400_000, east)];
    expect(readIn({ tasks: old }, old)).toEqual({ read: [started - 7 * 86_400_000], said: null });
  });

  it.each([
    ['Asia/Tokyo', 0, 'UTC'],
    ['America/New_York', 0, 'UTC'],
    ['Europe/Berlin', -5 * 60, 'UTC−5'],
    ['America/New_York', 5 * 60 + 30, 'UTC+5:30'],
    ['UTC', 9 * 60, 'UTC+9'],
  ])('are seen in %s to be written %i min east of UTC, and that is said', (zone, east, name) => {
    runIn(zone);
    const [started, newest] = [WRITTEN - 90 * MINUTE, WRITTEN - 300];
    const times = [naive(started, east), naive(newest, east)];
    const { read, said } = readIn({ tasks: [{ deep: { er: times } }] }, times);
    expect(read).toEqual([started, newest]);
    expect(said).toContain(`read as ${name},`);
  });

  it('that no zone explains are local, but none lies in the future', () => {
    runIn('UTC');
    const [past, ahead] = [WRITTEN - 60 * MINUTE, WRITTEN + 67 * MINUTE];
    const { read, said } = readIn([naive(past, 0), naive(ahead, 0)], [naive(past, 0), naive(ahead, 0)]);
    expect(read).toEqual([past, null]);
    expect(said).toContain('later than its last change');
  });

  it('that are planned say nothing of when the file was written', () => {
    runIn('Asia/Tokyo');
    const newest = naive(WRITTEN - 300, 0);
    const dueDate = naive(WRITTEN + 30 * 60 * MINUTE, 0);
    const { read, said } = readIn({ tasks: [{ dueDate, updatedAt: newest }] }, [newest]);
    expect(read).toEqual([WRITTEN - 300]);
    expect(said).toContain('read as UTC');
  });

  it('are of no concern where all name their zone, or are numbers', () => {
    runIn('Asia/Tokyo');
    const times = ['2026-11-21T12:00:00Z', '2026-11-21T17:00:00+05:00'];
    expect(readIn([...times, 1795970000], times)).toEqual({ read: [WRITTEN, WRITTEN], said: null });
  });

  it('stay as they were guessed while nothing contradicts', () => {
    runIn('Asia/Tokyo');
    const reader = createMomentReader();
    reader.look([naive(WRITTEN, 0)], WRITTEN);
    expect(reader.zone).toBe(0);
    // A hand changed something without a time, much later.
    reader.look([naive(WRITTEN, 0)], WRITTEN + 47 * MINUTE);
    expect(reader.zone).toBe(0);
    expect(reader.look([naive(WRITTEN + 50 * MINUTE, 9 * 60)], WRITTEN + 50 * MINUTE)).toBe(true);
    expect(reader.zone).toBe('local');
  });
});

describe('a breakdown of a container that runs in UTC', () => {
  it('is shown with the times that were meant, and written to in its own zone', async () => {
    runIn('Asia/Tokyo');
    await using directory = await temporaryDirectory();
    const path = directory.file('task-breakdown.json');
    const task = { id: 'a', description: 'A', status: 'in_progress', started_at: naive(WRITTEN - 5000, 0) };
    await writeFile(path, JSON.stringify({ total_tasks: 1, tasks: [task] }, null, 2));
    await utimes(path, WRITTEN / 1000, WRITTEN / 1000);
    const source = await createFileSource({ id: sourceId('b'), path, clock: createFakeClock(WRITTEN) });
    const view = openView(source);
    await view.live();
    expect(view.task('a').startedAt).toBe(WRITTEN - 5000);
    expect(view.record().problem?.message).toContain('read as UTC');

    expect(await source.commands.cancel?.('a', commandContext())).toEqual({ kind: 'sent' });
    const [written] = JSON.parse(await readFile(path, 'utf8')).tasks;
    expect(written.completed_at).toBe('2026-11-21T12:00:00.000000');
    await view.close();
  });
});

describe('the times of a state file', () => {
  it.each([
    ['seconds', (at: number) => at / 1000],
    ['milliseconds', (at: number) => at],
    ['microseconds', (at: number) => at * 1000],
    ['ISO with a zone', (at: number) => new Date(at).toISOString()],
    ['ISO without one, local', (at: number) => naive(at, 9 * 60)],
    ['ISO without one, UTC', (at: number) => naive(at, 0)],
  ])('are read as %s', async (_form, write) => {
    runIn('Asia/Tokyo');
    await using directory = await temporaryDirectory();
    const path = directory.file('state.json');
    const steps = [
      { index: 0, name: 's', status: 'running', progress: '40 %', startedAt: write(WRITTEN - 4000) },
    ];
    const task = { taskId: 'a', taskName: 'A', status: 'running', startedAt: write(WRITTEN - 5000), steps };
    await writeFile(path, JSON.stringify({ version: 1, timestamp: write(WRITTEN), activeTasks: [task] }));
    await utimes(path, WRITTEN / 1000, WRITTEN / 1000);
    const view = openView(
      await createFileSource({ id: sourceId('s'), path, clock: createFakeClock(WRITTEN) }),
    );
    await view.live();
    expect(view.task('a')).toMatchObject({
      startedAt: WRITTEN - 5000,
      updatedAt: WRITTEN,
      steps: [{ startedAt: WRITTEN - 4000, progress: 40 }],
    });
    await view.close();
  });
});
