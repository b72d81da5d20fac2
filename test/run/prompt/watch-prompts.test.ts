import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../src/clock.ts';
import type { WorkNews } from '../../../src/publish/report.ts';
import type { Foreground } from '../../../src/run/prompt/foreground.ts';
import { type PromptReport, watchPrompts } from '../../../src/run/prompt/watch-prompts.ts';

const READS: Foreground = {
  processes: [{ isAsleep: true, reads: 'terminal' }],
  modes: { isByLine: true, isEchoed: true },
};
const WORKS: Foreground = { ...READS, processes: [{ isAsleep: true, reads: 'nothing' }] };

let clock: FakeClock;
let told: WorkNews[];
let foreground: Foreground;
let looks: number;
let report: PromptReport;
beforeEach(() => {
  clock = createFakeClock();
  told = [];
  foreground = READS;
  looks = 0;
  report = watchPrompts(
    {
      signal: new AbortController().signal,
      setSteps() {},
      step() {},
      tell: (news) => void told.push(news),
      complete: async () => {},
      fail: async () => {},
      cancel: async () => {},
    },
    {
      clock,
      async look() {
        looks += 1;
        return foreground;
      },
    },
  );
});

const print = (text: string) => report.output?.(Buffer.from(text), 'terminal');
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    await new Promise(setImmediate);
  }
}

describe('a watch for prompts', () => {
  it('asks when the line has been there for a while, and withdraws the question when output comes', async () => {
    print('Name? ');
    await pass(1);
    expect(told).toEqual([]);
    await pass(3);
    print('Bob\n');
    expect(told).toEqual([{ question: 'Name? ' }, { question: null }]);
  });

  it('withdraws it when a secret was typed, which shows nothing', async () => {
    print('Password: ');
    await pass(4);
    foreground = WORKS;
    await pass(11);
    expect(told).toEqual([{ question: 'Password: ' }, { question: null }]);
  });

  it('withdraws it at the end', async () => {
    print('Name? ');
    await pass(4);
    await report.cancel();
    expect(told.at(-1)).toEqual({ question: null });
    const before = looks;
    await pass(100);
    expect(looks).toBe(before);
  });

  it('asks the same with half an answer', async () => {
    print('Name? ');
    await pass(4);
    print('Bo');
    await pass(4);
    expect(told.at(-1)).toEqual({ question: 'Name? ' });
  });

  it('looks rarely at a quiet command, and never at one that prints', async () => {
    foreground = WORKS;
    for (let line = 0; line < 50; line += 1) {
      print(`${line}\nworking: `);
      await pass(1);
    }
    expect(looks).toBe(0);
    await pass(600);
    expect(looks).toBeLessThan(25);
    expect(told).toEqual([]);
  });

  it('leaves what the program says itself', async () => {
    report.tell({ question: 'permission: Run?' });
    print('Name? ');
    await pass(8);
    report.tell({ question: null });
    expect(told).toEqual([{ question: 'permission: Run?' }, { question: null }]);
    await pass(8);
    expect(told.at(-1)).toEqual({ question: 'Name? ' });
  });
});

describe('an answer from elsewhere', () => {
  const withAnswers = (canType: boolean) => {
    report = watchPrompts(
      { ...report, tell: (news) => void told.push(news), output() {} },
      { clock, look: async () => foreground, canType: () => canType },
    );
  };

  it('is told how it may be given', async () => {
    withAnswers(true);
    print('Go on [y/n]? ');
    await pass(4);
    expect(told).toContainEqual({
      question: 'Go on [y/n]? ',
      answering: { choices: ['y', 'n'], refusal: null },
    });
  });

  it('is refused if its terminal is not ours, or the program asks itself', async () => {
    withAnswers(false);
    const answering = { choices: [], refusal: 'answer it in its own terminal' };
    print('Go on [y/n]? ');
    await pass(4);
    expect(told).toContainEqual({ question: 'Go on [y/n]? ', answering });
    report.tell({ question: 'permission: Run?' });
    expect(told.at(-1)).toEqual({ question: 'permission: Run?', answering });
  });

  it('is only for this prompt', async () => {
    withAnswers(true);
    expect(await report.isWaiting()).toBe(false);
    print('Name? ');
    await pass(4);
    expect(await report.isWaiting()).toBe(true);
    foreground = WORKS;
    expect(await report.isWaiting()).toBe(false);
    expect(told.at(-1)).toEqual({ question: null });
    foreground = READS;
    report.askAgain();
    await pass(1);
    expect(told.at(-1)).toMatchObject({ question: 'Name? ' });
    print('\nOther? ');
    expect(await report.isWaiting()).toBe(false);
  });
});
