import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTypedCommands, type TypedCommands } from '../../../src/cli/outputs/speech/typed-commands.ts';
import { createFakeClock } from '../../../src/clock.ts';
import { words } from '../../../src/model/text.ts';
import { createMonitor, type Monitor } from '../../../src/monitor.ts';
import { createMemorySource } from '../../../src/sources/kit/memory.ts';
import type { Dismissals } from '../../../src/store/dismissals.ts';
import { inboxOf } from '../../../src/store/inbox.ts';
import { allEntries } from '../../../src/store/state.ts';
import { eventually } from '../../helpers/eventually.ts';
import { makeTask, TEST_SOURCE } from '../../helpers/task.ts';

let monitor: Monitor;
let said: string[];
let asked: string[];
let dismissed: Dismissals;
afterEach(() => monitor.close());
beforeEach(() => {
  said = [];
  asked = [];
  dismissed = {};
});

/** Typed commands over a running, a failed and an asking task. */
async function open({ readOnly = false } = {}): Promise<TypedCommands> {
  const clock = createFakeClock();
  const record =
    (command: string) =>
    async (nativeId: string, { argument }: { argument?: string }) => {
      asked.push([command, nativeId, argument].filter(Boolean).join(' '));
      return { kind: 'sent' } as const;
    };
  const commands = { cancel: record('cancel'), retry: record('retry'), answer: record('answer') };
  const source = createMemorySource({ id: TEST_SOURCE, commands });
  source.put(makeTask('build', { name: words`Build`, offers: [{ command: 'cancel', refusal: null }] }));
  source.put(
    makeTask('lint', {
      name: words`Lint`,
      state: { status: 'failed', endedAt: 5, error: words`3 problems` },
      offers: [{ command: 'retry', refusal: null }],
    }),
  );
  source.put(
    makeTask('deploy', {
      name: words`Deploy`,
      state: { status: 'needs-input', reason: null },
      question: { text: words`Where to?`, choices: [words`eu`, words`us`], askedAt: null },
      offers: [{ command: 'answer', refusal: null }],
    }),
  );
  monitor = createMonitor({ sources: [source], clock });
  const listed = () => allEntries(monitor.getState());
  await eventually(() => expect(listed()).toHaveLength(3));
  return createTypedCommands({
    monitor,
    readOnly,
    listed,
    inbox: () => inboxOf(listed(), { nowMs: 0, stallAfterMs: 30_000 }),
    context: () => ({ nowMs: 0, stallAfterMs: 30_000, estimate: () => null }),
    tell: (...sentences) => said.push(...sentences),
    dismiss: (next) => {
      dismissed = next(dismissed);
    },
    quit: () => said.push('quit'),
    signal: new AbortController().signal,
  });
}

/** Types lines, each after what the one before has raised was read. */
async function type(commands: TypedCommands, ...lines: string[]): Promise<string[]> {
  for (const line of lines) {
    commands.take(line);
    await new Promise(setImmediate);
  }
  return said.splice(0);
}

describe('typed lines', () => {
  it('number what they list, and act on the numbers', async () => {
    const commands = await open();
    expect(await type(commands, 'needs')).toEqual([
      '1. Deploy asks: Where to? 1, eu. 2, us.',
      '2. Lint failed: 3 problems.',
    ]);
    await type(commands, 'retry 2');
    await eventually(() => expect(asked).toEqual(['retry lint']));
  });

  it('answer by number or in words, and an empty line leaves the question open', async () => {
    const commands = await open();
    await type(commands, 'answer', '2', 'n', 'a 1', '');
    await eventually(() => expect(asked).toEqual(['answer deploy us']));
    expect(said).toEqual([]);
  });

  it('that were read together with a question do not answer it', async () => {
    const commands = await open();
    for (const line of ['answer', '1', '2']) commands.take(line);
    await new Promise(setImmediate);
    expect(asked).toEqual([]);
    await type(commands, '1');
    await eventually(() => expect(asked).toEqual(['answer deploy eu']));
  });

  it('ask before they cancel, and take yes alone for a yes', async () => {
    const commands = await open();
    await type(commands, 'list', 'cancel 1', 'y', 'cancel 1', 'yes');
    await eventually(() => expect(asked).toEqual(['cancel build']));
  });

  it.each([
    ['retry 9', 'retry takes a number from the last list; type list or needs first.'],
    ['cancel 2', 'Lint: already failed: nothing to cancel.'],
    ['dismiss 1', 'Build has not ended yet.'],
    ['dismiss 2', 'Lint is dismissed until it changes.'],
    ['list nothing', 'No task has that in its name.'],
    ['\u001b[2Jfoo', 'foo is not a command. Type help and Enter for what can be typed.'],
    ['q', 'quit'],
  ])('%j: %s', async (line, sentence) => {
    const commands = await open();
    await type(commands, 'list');
    expect(await type(commands, line)).toEqual([sentence]);
  });

  it('change nothing where the view may only read', async () => {
    const commands = await open({ readOnly: true });
    await type(commands, 'list');
    expect(await type(commands, 'retry 2', 'cancel 1', 'answer')).toEqual([
      'Lint: retry: this view is read-only (--read-only).',
      'Build: cancel: this view is read-only (--read-only).',
      'Deploy: answer: this view is read-only (--read-only).',
    ]);
  });
});
