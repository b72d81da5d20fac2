import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/clock.ts';
import { createEtaIndex } from '../../src/eta/eta-index.ts';
import { createWorkTime } from '../../src/eta/work-time.ts';
import type { FinishedRun } from '../../src/model/run.ts';
import type { Task } from '../../src/model/task.ts';
import { plainText } from '../../src/model/text.ts';
import { createLearningReporter } from '../../src/run/learn-run.ts';
import { makeTask } from '../helpers/task.ts';

const START = 1_800_000_000_000;
const S = 1_000;
const HOUR = 3_600 * S;

const running: Task = makeTask('a', { startedAt: START, state: { status: 'running', reason: null } });
const at = (progress: number): Task => ({ ...running, reportedProgress: progress });
const asking = (progress: number, askedAt: number | null = null): Task => ({
  ...at(progress),
  state: { status: 'needs-input', reason: null },
  question: { text: plainText('Overwrite?'), choices: [], askedAt },
});
const completed = (endedAt: number): Task => ({
  ...running,
  state: { status: 'completed', endedAt, result: null },
});

/** A run that is at a tenth each ten seconds, and waits for so long for a person at 50 %. */
function follow(waitMs: number, askedAt: number | null = null) {
  const index = createEtaIndex();
  for (let tenth = 0; tenth <= 5; tenth += 1) index.observe('memory', at(10 * tenth), START + tenth * 10 * S);
  if (waitMs > 0) index.observe('memory', asking(50, askedAt), START + 50 * S);
  const goesOnAt = START + 50 * S + waitMs;
  return { index, goesOnAt };
}

describe('a run that waits for a person', () => {
  it('has the pace of its work, not of the person', () => {
    const without = follow(0);
    const waiting = follow(HOUR);
    waiting.index.observe('memory', at(50), waiting.goesOnAt);
    for (const { index, goesOnAt } of [without, waiting]) index.observe('memory', at(60), goesOnAt + 10 * S);
    const [plain, waited] = [without, waiting].map(({ index, goesOnAt }) =>
      index.shownEstimate(running.id, goesOnAt + 10 * S),
    );
    expect(waited?.remainingMs).toBeGreaterThan(20 * S);
    expect(waited?.remainingMs).toBeLessThan(80 * S);
    expect(waited?.highMs).toBe(plain?.highMs);
    expect(Number(waited?.lateAt) - Number(plain?.lateAt)).toBe(HOUR);
  });

  it('has as much left at the end of the wait as at its beginning', () => {
    const { index } = follow(HOUR);
    const left = (ms: number) => index.shownEstimate(running.id, START + ms)?.remainingMs;
    const before = left(50 * S);
    expect(before).toBeGreaterThan(20 * S);
    expect(left(50 * S + HOUR / 2)).toBe(before);
    expect(left(50 * S + HOUR)).toBe(before);
  });

  it('is learnt as what it worked, whether it has gone on or ended where it stood', () => {
    const { index, goesOnAt } = follow(HOUR);
    index.observe('memory', at(50), goesOnAt);
    index.observe('memory', completed(goesOnAt + 50 * S), goesOnAt + 51 * S);
    const [run] = index.takeFinished();
    expect(run?.durationMs).toBe(100 * S);
    expect(run?.events.at(-1)?.t).toBe(100 * S);

    const other = follow(HOUR);
    other.index.observe('memory', completed(other.goesOnAt), other.goesOnAt);
    expect(other.index.takeFinished()).toMatchObject([{ durationMs: 50 * S }]);
  });

  it('has waited since it asked, as far as it was not seen at work since', () => {
    const times = createWorkTime(START);
    times.see(running, START + 10 * S);
    times.see(asking(0, START + 5 * S), START + 30 * S);
    expect(times.waitedAt(START + 30 * S)).toBe(20 * S);
    times.see(running, START + 40 * S);
    times.see(asking(0, START + 300 * S), START + 50 * S);
    expect(times.waitedAt(START + 60 * S)).toBe(40 * S);
    expect(times.waitedAt(START + 20 * S)).toBe(10 * S);
  });

  it('may ask for each of ten thousand files', () => {
    const times = createWorkTime(START);
    for (let n = 0; n < 10_000; n += 1) {
      times.see(asking(0), START + n * 10 * S);
      times.see(running, START + (n * 10 + 4) * S);
    }
    expect(times.waitedAt(START + 100_000 * S)).toBe(40_000 * S);
  });
});

describe('what a run itself learns', () => {
  it('leaves out how long its prompts have waited', async () => {
    const clock = createFakeClock(START);
    const learnt: FinishedRun[] = [];
    const reporter = createLearningReporter({
      taskId: 'x',
      clock,
      learn: async (run) => void learnt.push(run),
    });
    const report = await reporter.start({ title: 'copy', steps: [] });
    const waitFor = (ms: number) => clock.advance(ms);
    waitFor(10 * S);
    report.step(0, 'running', 50);
    report.tell({ question: 'Overwrite a?' });
    waitFor(HOUR);
    report.tell({ question: 'Overwrite b?' });
    waitFor(HOUR);
    report.tell({ lastLine: 'still there' });
    report.tell({ question: null });
    waitFor(10 * S);
    report.step(0, 'completed');
    report.tell({ question: 'Again?' });
    waitFor(HOUR);
    await report.complete();
    expect(learnt).toMatchObject([{ durationMs: 20 * S, outcome: 'completed' }]);
    expect(learnt[0]?.events.map(({ t }) => t)).toEqual([0, 10 * S, 20 * S]);
  });
});
