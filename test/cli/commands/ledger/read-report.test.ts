import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAttemptReader, readReportInput } from '../../../../src/cli/commands/ledger/read-report.ts';
import { createFakeClock, type FakeClock } from '../../../../src/clock.ts';
import type { HistoryEntry } from '../../../../src/ledger/history-entry.ts';
import { TaskTrackingService } from '../../../../src/ledger/service.ts';
import { temporaryDirectory } from '../../../helpers/temporary-directory.ts';

let clock: FakeClock;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let ledger: TaskTrackingService;
beforeEach(async () => {
  clock = createFakeClock();
  directory = await temporaryDirectory();
  ledger = await TaskTrackingService.open({ path: directory.file('a.db'), clock });
});
afterEach(async () => {
  await ledger.close();
  await directory[Symbol.asyncDispose]();
});

describe('what a report is made of', () => {
  it('is each attempt from its start to its end, run after run', async () => {
    const from = clock.now();
    await ledger.register({ id: 'a', job: 'nightly' });
    await ledger.start('a');
    clock.advance(4_000);
    await ledger.fail('a', { error: 'no disk' });
    await ledger.reset('a');
    await ledger.start('a');
    clock.advance(6_000);
    await ledger.complete('a');
    await ledger.reset('a');
    await ledger.complete('a');
    await ledger.reset('a');
    await ledger.cancel('a');
    const { attempts, tasks } = await readReportInput(ledger, new Map(), {});
    const same = { taskId: 'a', job: 'nightly', error: null };
    expect(attempts).toEqual([
      { ...same, outcome: 'failed', startedAt: from, endedAt: from + 4_000, error: 'no disk' },
      { ...same, outcome: 'completed', startedAt: from + 4_000, endedAt: from + 10_000 },
      { ...same, outcome: 'completed', startedAt: null, endedAt: from + 10_000 },
      { ...same, outcome: 'cancelled', startedAt: null, endedAt: from + 10_000 },
    ]);
    expect(tasks).toMatchObject([{ id: 'a', job: 'nightly', status: 'cancelled', attempts: 1 }]);
  });

  it('leaves out completions that a hook took back', async () => {
    await ledger.register({ id: 'a', afterCompletion: ['exit 3'] });
    await expect(ledger.complete('a')).rejects.toThrow('exit code 3');
    await ledger.register({ id: 'b', verification: 'exit 4' });
    await expect(ledger.complete('b')).rejects.toThrow('exit code 4');
    expect((await readReportInput(ledger, new Map(), {})).attempts).toEqual([]);
  });

  it('and those that were cut off by a crash', () => {
    const reader = createAttemptReader();
    const entry = {
      id: 1,
      task: 'a',
      run: 1,
      attempt: 1,
      by: null,
      reason: null,
      output: null,
      progress: null,
    };
    const entries: HistoryEntry[] = [
      { ...entry, event: 'completed', from: 'in_progress', to: 'completed', at: 5 },
      { ...entry, event: 'recovered', from: 'completed', to: 'in_progress', at: 9 },
      { ...entry, event: 'failed', from: 'in_progress', to: 'failed', at: 12, reason: 'x' },
      { ...entry, event: 'recovered', from: 'failed', to: 'failed', at: 13 },
    ];
    entries.forEach(reader.read);
    expect(reader.ended().map(({ outcome, endedAt }) => [outcome, endedAt])).toEqual([['failed', 12]]);
  });

  it('is only what the filters leave', async () => {
    await ledger.register([
      { id: 'a', job: 'x', module: 'm' },
      { id: 'b', job: 'y' },
    ]);
    await ledger.complete('a');
    await ledger.complete('b');
    const ids = async (filters: { job?: string; module?: string }) =>
      (await readReportInput(ledger, new Map(), filters)).attempts.map(({ taskId }) => taskId);
    expect(await ids({})).toEqual(['a', 'b']);
    expect(await ids({ job: 'y' })).toEqual(['b']);
    expect(await ids({ module: 'm' })).toEqual(['a']);
  });
});
