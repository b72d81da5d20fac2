import type { Clock } from '../../src/clock.ts';
import type { CommandOffer } from '../../src/model/command.ts';
import { sourceId, taskId } from '../../src/model/id.ts';
import { problem } from '../../src/model/problem.ts';
import type { Step, Task } from '../../src/model/task.ts';
import { plainName, plainText, words } from '../../src/model/text.ts';
import { createMemorySource, type MemorySource } from '../../src/sources/kit/memory.ts';
import type { CommandHandler } from '../../src/sources/kit/source.ts';
import { makeStep, makeTask } from './task.ts';

/** Sources with something to look at, at the clock's current time. */
export type Scene = (clock: Clock) => MemorySource[];

const MINUTE_MS = 60_000;
const CAN_CANCEL: CommandOffer[] = [{ command: 'cancel', refusal: null }];
const CAN_RETRY: CommandOffer[] = [{ command: 'retry', refusal: null }];

/**
 * Makes steps by name: `+done`, `>running`, `-pending`, `!failed`, `~skipped`; a number after a running one is its progress.
 */
export function makeSteps(words: readonly string[], startedAt: number, eachMs = MINUTE_MS): Step[] {
  const STATUS = { '+': 'completed', '>': 'running', '-': 'pending', '!': 'failed', '~': 'skipped' } as const;
  return words.map((word, index) => {
    const status = STATUS[word[0] as keyof typeof STATUS];
    const [name = '', progress] = word.slice(1).split('@');
    const at = startedAt + index * eachMs;
    return makeStep(index, {
      name: plainName(name),
      status,
      progress: progress === undefined ? null : Number(progress),
      startedAt: status === 'pending' || status === 'skipped' ? null : at,
      endedAt: status === 'completed' || status === 'failed' ? at + eachMs : null,
    });
  });
}

/** One of each kind: every status, steps, notes, sessions, awkward names, refused and accepted commands. */
export const everything: Scene = (clock) => {
  const nowMs = clock.now();
  const commands: Record<string, CommandHandler> = {
    cancel: async (nativeId, { report }) => {
      report({ stage: 'signed' });
      report({ stage: 'accepted', by: 2, of: 3 });
      if (nativeId === 'film') clock.after(1_500, () => demo.put(cancelled(film, clock.now())));
      return { kind: 'sent' };
    },
    retry: async () => ({
      kind: 'refused',
      problem: problem('no-key', 'degraded', 'retry: a signing key is needed', 'make one: taskglass key new'),
    }),
  };
  const demo = createMemorySource({ id: sourceId('demo'), location: 'ws://127.0.0.1:7777', commands });
  const board = createMemorySource({ id: sourceId('board.json'), location: '/srv/app/board.json' });
  const down = createMemorySource({ id: sourceId('jobs.db'), location: '/var/lib/app/jobs.db' });
  const film = makeTask('film', {
    name: plainName('Encode the holiday film'),
    startedAt: nowMs - 4 * MINUTE_MS,
    updatedAt: nowMs - 2_000,
    steps: makeSteps(
      ['+probe the source', '+split into scenes', '>transcode@61', '-mux', '-publish'],
      nowMs - 4 * MINUTE_MS,
    ),
    notes: [{ at: nowMs - 3 * MINUTE_MS, text: plainText('12 scenes found\nthe third has no sound') }],
    offers: CAN_CANCEL,
    labels: { kind: words`5205`, provider: words`npub1abc` },
    sessions: [
      {
        id: 'worker-1',
        status: words`processing`,
        updatedAt: nowMs - 2_000,
        notes: words`scene 7 of 12`,
      },
    ],
    raw: {
      id: 'film',
      tags: [
        ['status', 'processing'],
        ['progress', '48'],
      ],
      content: 'Encode the holiday film',
    },
  });
  put(demo, film);
  put(demo, {
    name: plainName('Index the archive'),
    nativeId: 'index',
    startedAt: nowMs - 40 * MINUTE_MS,
    updatedAt: nowMs - 5 * MINUTE_MS,
    reportedProgress: 33.3,
    offers: [{ command: 'cancel', refusal: words`not writable: owned by root` }],
  });
  put(demo, {
    name: plainName('Nightly backup'),
    nativeId: 'backup',
    startedAt: nowMs - 30 * MINUTE_MS,
    state: {
      status: 'failed',
      endedAt: nowMs - 10 * MINUTE_MS,
      error: plainText('no space left on device\n  while writing /backup/db.tar'),
    },
    steps: makeSteps(['+dump', '+compress', '!upload', '-verify'], nowMs - 30 * MINUTE_MS, 5 * MINUTE_MS),
    offers: CAN_RETRY,
    attempts: 3,
  });
  put(demo, {
    name: plainName('Translate the manual into 日本語 and 한국어 👩‍👩‍👧 ❤️ é'),
    nativeId: 'translate',
    startedAt: nowMs - 90 * MINUTE_MS,
    steps: makeSteps(
      ['+fetch', '>chapters@17', ...Array.from({ length: 28 }, (_, n) => `-chapter ${n + 1}`)],
      nowMs - 90 * MINUTE_MS,
    ),
    updatedAt: nowMs - 20_000,
    offers: CAN_CANCEL,
  });
  put(board, {
    name: plainName('Which licence should the fonts have?'),
    nativeId: 'licence',
    state: { status: 'needs-input', reason: words`waiting for an answer to 3 questions` },
    sessions: [
      {
        id: 's-81f2',
        status: words`needs_input`,
        updatedAt: nowMs - 9 * MINUTE_MS,
        notes: words`please choose`,
      },
    ],
    offers: [...CAN_CANCEL, { command: 'setStatus', refusal: null }],
  });
  put(board, {
    name: plainName('Publish the release'),
    nativeId: 'publish',
    state: { status: 'waiting', reason: null },
    waitsFor: [taskId(board.id, 'tests')],
    offers: CAN_CANCEL,
  });
  put(board, {
    name: plainName('Run all the tests'),
    nativeId: 'tests',
    state: { status: 'queued', reason: null },
    totalSteps: 12,
    offers: CAN_CANCEL,
  });
  put(board, {
    name: plainName(`A name of ten thousand letters: ${'lorem ipsum '.repeat(900)}`),
    nativeId: 'long',
    state: { status: 'queued', reason: null },
  });
  put(board, {
    name: plainName('Build the site'),
    nativeId: 'site',
    startedAt: nowMs - 8 * MINUTE_MS,
    state: { status: 'completed', endedAt: nowMs - 6 * MINUTE_MS, result: words`214 pages` },
    steps: makeSteps(['+render', '+minify', '~deploy'], nowMs - 8 * MINUTE_MS),
  });
  put(board, {
    name: plainName('Resize the photographs'),
    nativeId: 'photos',
    state: { status: 'cancelled', endedAt: nowMs - MINUTE_MS, reason: words`by alice` },
  });
  demo.live();
  board.live();
  down.fail(
    problem(
      'missing',
      'down',
      '/var/lib/app/jobs.db: no such file',
      'is the path right? it may also appear later',
    ),
  );
  return [demo, board, down];
};

/** `count` tasks of all statuses, in one source. */
export const many =
  (count: number): Scene =>
  (clock) => {
    const nowMs = clock.now();
    const source = createMemorySource({ id: sourceId('many') });
    for (let n = 0; n < count; n += 1) {
      const states: Task['state'][] = [
        { status: 'running', reason: null },
        { status: 'queued', reason: null },
        { status: 'completed', endedAt: nowMs - n, result: null },
        { status: 'failed', endedAt: nowMs - n, error: words`exit code ${n % 7}` },
      ];
      put(source, {
        name: plainName(`task number ${n}`),
        nativeId: `n${n}`,
        startedAt: nowMs - n * 1_000,
        updatedAt: nowMs,
        state: states[n % states.length] as Task['state'],
        reportedProgress: n % 100,
      });
    }
    source.live();
    return [source];
  };

/** `count` running tasks without any more news. */
export const silent =
  (count: number): Scene =>
  (clock) => {
    const nowMs = clock.now();
    const source = createMemorySource({ id: sourceId('silent') });
    for (let n = 0; n < count; n += 1) {
      put(source, {
        name: plainName(`silent task ${n}`),
        nativeId: `n${n}`,
        startedAt: nowMs - (n + 1) * 30_000,
        updatedAt: nowMs,
        steps: makeSteps(['+fetch', `>work@${(n * 7) % 100}`, '-store'], nowMs - (n + 1) * 30_000, 10_000),
      });
    }
    source.live();
    return [source];
  };

/** No source at all. */
export const nothing: Scene = () => [];

function cancelled(task: Task, endedAt: number): Task {
  return { ...task, state: { status: 'cancelled', endedAt, reason: null }, offers: CAN_RETRY };
}

function put(source: MemorySource, task: Partial<Task> & { nativeId: string }): void {
  source.put(makeTask(task.nativeId, task));
}
