import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problem } from '../../src/model/problem.ts';
import type { Task } from '../../src/model/task.ts';
import { plainName, words } from '../../src/model/text.ts';
import { type SpeechContext, spokenDuration, taskSentence } from '../../src/present/sentences.ts';
import { createSpeech } from '../../src/present/speech.ts';
import { EMPTY_STATE, type State } from '../../src/store/state.ts';
import { makeSteps } from '../helpers/scenes.ts';
import { makeEntry, makeTask } from '../helpers/task.ts';

const MINUTE_MS = 60_000;
const at = (nowMs: number): SpeechContext => ({ nowMs, stallAfterMs: 30_000, estimate: () => null });
const state: State = EMPTY_STATE;

const build = (given: Partial<Task>) => makeTask('build', { name: words`Build`, startedAt: 0, ...given });
const steps = (...marks: string[]) => ({ steps: makeSteps(marks, 0) });

describe('a task in a sentence', () => {
  it.each<[string, Partial<Task>]>([
    ['Build: running.', {}],
    ['Build: running, 50 percent, step 2 of 2, link.', steps('+compile', '>link')],
    ['Build is queued.', { state: { status: 'queued', reason: null } }],
    ['Build is waiting: for the disk.', { state: { status: 'waiting', reason: words`for the disk.` } }],
    ['Build failed after 3 minutes: no space.', ended('failed', words`no space\nat line 3`)],
    ['Build completed after 3 minutes: 12 files.', ended('completed', words`12 files.`)],
    ['Build was cancelled after 3 minutes.', ended('cancelled', null)],
    ['Build is up for review.', { ...ended('completed', null), review: true }],
    ['Build needs you: sign in.', { state: { status: 'needs-input', reason: words`sign in` } }],
    [
      'Build asks: Where to? 1, eu. 2, us.',
      {
        state: { status: 'needs-input', reason: null },
        question: { text: words`Where to?`, choices: [words`eu`, words`us`], askedAt: null },
      },
    ],
  ])('%s', (sentence, given) => {
    expect(taskSentence(makeEntry(build(given)), at(0))).toBe(sentence);
  });

  it('says how long it has been silent, and what is usual', () => {
    const entry = makeEntry(build({}), { usualGapMs: 20_000 });
    expect(taskSentence(entry, at(4 * MINUTE_MS))).toBe(
      'Build: running, has been silent for 4 minutes, though its usual gap is 20 seconds.',
    );
  });
});

describe('what has changed', () => {
  it('is told in one sentence a change, and nothing twice', () => {
    const speech = createSpeech();
    const hear = (...tasks: Task[]) =>
      speech.next(
        state,
        tasks.map((task) => makeEntry(task)),
        at(0),
      );
    expect(hear(build(steps('>compile@10', '-link')))).toEqual([]);
    expect(hear(build(steps('>compile@20', '-link')))).toEqual([]);
    expect(hear(build(steps('>compile@60', '-link')))).toEqual(['Build: 30 percent.']);
    expect(hear(build(steps('+compile', '>link@10')))).toEqual(['Build: step 2 of 2, link.']);
    expect(hear(build(steps('+compile', '>link@10')))).toEqual([]);
    expect(hear(build(ended('failed', words`no space`)))).toEqual([
      'Build failed after 3 minutes: no space.',
    ]);
    expect(hear(build({ ...ended('failed', words`no space`), updatedAt: 9 }))).toEqual([]);
    expect(hear(build({ attempts: 2 }))).toEqual(['Build is running, attempt 2.']);
    expect(hear()).toEqual([]);
  });

  it('are problems beside the sources, too, each once', () => {
    const speech = createSpeech();
    const failed = { ...state, problems: [problem('refused', 'degraded', words`webhook: no answer`)] };
    expect(speech.next(state, [], at(0))).toEqual([]);
    expect(speech.next(failed, [], at(0))).toEqual(['webhook: no answer.']);
    expect(speech.next(failed, [], at(0))).toEqual([]);
  });

  it('is counted where many tasks do the same', () => {
    const speech = createSpeech();
    const tasks = (given: Partial<Task>) =>
      Array.from({ length: 7 }, (_, index) => makeEntry(makeTask(`t${index}`, given)));
    speech.next(state, tasks({ state: { status: 'queued', reason: null } }), at(0));
    expect(speech.next(state, tasks({}), at(0))).toEqual(['7 tasks are now running.']);
  });

  it('is one line each, and never more than a few', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(names, names, (before, after) => {
        const speech = createSpeech();
        const entries = (texts: string[]) =>
          texts.map((text, index) =>
            makeEntry(makeTask(`${index}`, { name: plainName(text), lastLine: plainName(text) })),
          );
        speech.next(state, entries(before), at(0));
        const said = speech.next(state, entries(after), at(0));
        expect(said.length).toBeLessThan(6);
        for (const sentence of said) expect(sentence).not.toMatch(/\n/u);
      }),
    );
  });
});

it.each([
  [400, '1 second'],
  [35_000, '35 seconds'],
  [MINUTE_MS, '1 minute'],
  [125 * MINUTE_MS, '2 hours 5 minutes'],
  [120 * MINUTE_MS, '2 hours'],
  // What is rounded up to a whole one of the next unit is one.
  [59_700, '1 minute'],
  [59.7 * MINUTE_MS, '1 hour'],
  [119.7 * MINUTE_MS, '2 hours'],
  [24 * 60 * MINUTE_MS - 1, '1 day'],
  [3 * 24 * 60 * MINUTE_MS, '3 days'],
])('%d ms are %s', (ms, text) => {
  expect(spokenDuration(ms)).toBe(text);
});

/** A task that ended after three minutes. */
function ended(status: 'completed' | 'failed' | 'cancelled', why: Task['name'] | null): Partial<Task> {
  const endedAt = 3 * MINUTE_MS;
  if (status === 'completed') return { state: { status, endedAt, result: why } };
  return status === 'failed'
    ? { state: { status, endedAt, error: why } }
    : { state: { status, endedAt, reason: why } };
}
