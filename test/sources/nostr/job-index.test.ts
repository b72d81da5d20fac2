import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceId } from '../../../src/model/id.ts';
import type { Task } from '../../../src/model/task.ts';
import type { DecryptedEvent } from '../../../src/nostr/nip90/format.ts';
import { isShown } from '../../../src/sources/nostr/jobs/interest.ts';
import { type Job, readJob } from '../../../src/sources/nostr/jobs/job.ts';
import { createJobIndex } from '../../../src/sources/nostr/jobs/job-index.ts';
import { describeJob } from '../../../src/sources/nostr/jobs/job-task.ts';
import {
  CUSTOMER,
  cancellation,
  feedback,
  NOW,
  PROVIDER,
  RIVAL,
  requestFor,
  result,
  STRANGER,
  unsigned,
} from '../../helpers/jobs.ts';

type Signed = DecryptedEvent & { sig: string };

/** The tasks that the events make, by id, an hour later; `signerPubkey` is the customer. */
function tasksOf(events: readonly Signed[], nowSeconds = NOW + 3_600): Map<string, Task> {
  const index = createJobIndex({ signerPubkey: CUSTOMER });
  for (const event of events) index.take(event, event, nowSeconds * 1000);
  index.searched([...index.all()].map(({ id }) => id));
  const interest = { pubkeys: new Set<string>(), signerPubkey: CUSTOMER };
  const shown = [...index.all()].filter((job) => isShown(job, interest));
  return new Map(
    shown.map((job) => [
      job.id,
      describeJob(job, {
        source: sourceId('nostr'),
        revision: 0,
        signerPubkey: CUSTOMER,
        attempts: index.retries.attempts(job.id),
        retryOf: index.retries.repeated(job.id),
        retriedAs: index.retries.repeats(job.id).at(-1) ?? null,
      }),
    ]),
  );
}

/** The task of the first event, a request, as the others leave it. */
function taskOf(request: Signed, ...events: readonly Signed[]): Task {
  const task = tasksOf([request, ...events]).get(request.id);
  if (!task) throw new Error('not shown');
  return task;
}

describe('one lane', () => {
  const request = requestFor([PROVIDER]);
  const says = (...rest: [string | readonly string[], Parameters<typeof feedback>[3]?]) =>
    feedback(PROVIDER, request.id, ...rest);

  it('is where its newest report says, whatever came last', () => {
    const task = taskOf(
      request,
      says('processing', { at: 20, progress: 60 }),
      says('processing', { at: 10, progress: 80 }),
    );
    expect(task.state.status).toBe('running');
    expect(task.reportedProgress).toBe(60);
    expect(task.updatedAt).toBe((NOW + 20) * 1000);
    expect(task.startedAt).toBe((NOW + 10) * 1000);
  });

  it('takes the more advanced of one second: the higher progress', () => {
    const shuffled = [50, 70, 0, 60, 40].map((progress) => says('processing', { progress }));
    expect(taskOf(request, ...shuffled).reportedProgress).toBe(70);
  });

  it('takes the more advanced of one second: an end', () => {
    const task = taskOf(request, says('success'), says('processing', { progress: 99 }));
    expect(task.state.status).toBe('completed');
  });

  it('keeps its end', () => {
    const task = taskOf(
      request,
      says(['error', 'no GPU']),
      says('processing', { at: 60, progress: 5 }),
      says('success', { at: 90 }),
    );
    expect(task.state).toEqual({ status: 'failed', endedAt: NOW * 1000, error: 'no GPU' });
  });

  it('counts a stamp in the future as now', () => {
    const task = taskOf(
      request,
      says('processing', { at: 1e6, progress: 1 }),
      says('processing', { at: 60, progress: 50 }),
    );
    expect(task.reportedProgress).toBe(1);
    expect(task.updatedAt).toBe((NOW + 3_600) * 1000);
  });

  it('is not held by the future forever: real news later than its arrival wins', () => {
    const index = createJobIndex({ signerPubkey: null });
    const future = says('processing', { at: 1e6, progress: 1 });
    const later = says('processing', { at: 100, progress: 70 });
    index.take(request, request, NOW * 1000);
    index.take(future, future, (NOW + 50) * 1000);
    index.take(later, later, (NOW + 100) * 1000);
    index.take(future, future, (NOW + 200) * 1000);
    expect(index.get(request.id)?.lanes.get(PROVIDER)?.news?.eventId).toBe(later.id);
  });

  it('keeps its figure through a report without one, and loses it in the queue', () => {
    const half = says('processing', { at: 1, progress: 50, eta: 15 });
    const mute = taskOf(request, half, says('partial', { at: 2, content: 'a chunk' }));
    expect([mute.reportedProgress, mute.reportedEndAt]).toEqual([50, (NOW + 16) * 1000]);
    const queued = taskOf(request, half, says(['processing', 'queued'], { at: 2 }));
    expect([queued.reportedProgress, queued.reportedEndAt]).toEqual([null, null]);
  });

  it('joins a result with the report that all went well, whichever comes first', () => {
    const [good, hola] = [says('success', { at: 5 }), result(PROVIDER, request.id, 'Hola', 9)];
    const expected = { status: 'completed', endedAt: (NOW + 5) * 1000, result: 'Hola' };
    expect(taskOf(request, good, hola).state).toEqual(expected);
    expect(taskOf(request, hola, good).state).toEqual(expected);
  });

  it('reads fractions as such until it has seen more than 1', () => {
    const fractions = [
      says('processing', { at: 1, progress: '0.25' }),
      says('processing', { at: 2, progress: '1' }),
    ];
    expect(taskOf(request, ...fractions).reportedProgress).toBe(100);
    expect(
      taskOf(request, ...fractions, says('processing', { at: 0, progress: '1.5' })).reportedProgress,
    ).toBe(1);
  });

  it('shows the provider’s words', () => {
    const [session] = taskOf(request, says('partial', { content: '{"msg":"half"}' })).sessions;
    expect(session).toEqual({
      id: 'npub1ccz8l9z…38mnyd',
      status: 'partial',
      updatedAt: NOW * 1000,
      notes: 'half',
    });
  });
});

describe('what expires', () => {
  const request = requestFor([PROVIDER]);
  const until = (at: number) => ['expiration', String(NOW + at)];
  const expiring = (status: string, at: number) => {
    const report = feedback(PROVIDER, request.id, status, { progress: 40 });
    return { ...report, tags: [...report.tags, until(at)] };
  };
  const done = result(PROVIDER, request.id, 'the result', 10);
  const expiringResult = { ...done, tags: [...done.tags, until(600)] };

  it('no longer counts, and the row says why nothing is known', () => {
    const [before, after] = [30, 3_600].map((at) =>
      tasksOf([request, expiring('processing', 600)], NOW + at).get(request.id),
    );
    expect(before?.state.status).toBe('running');
    expect(after?.state).toEqual({ status: 'queued', reason: 'its providers’ reports have expired' });
  });

  it.each(['success', 'error'])('does not take back an end: %s', (word) => {
    const [before, after] = [30, 3_600].map((at) =>
      tasksOf([request, expiring('processing', 600), expiring(word, 600)], NOW + at).get(request.id),
    );
    expect(after?.state).toEqual(before?.state);
    expect(after?.reportedProgress).toEqual(before?.reportedProgress);
  });

  it('does not take back a result', () => {
    const task = tasksOf([request, expiring('processing', 600), expiringResult]).get(request.id);
    expect(task?.state).toMatchObject({ status: 'completed', result: 'the result' });
  });

  it('hides a request that nobody has answered in time, and no other', () => {
    const own = requestFor([], { tags: [until(600)] });
    const answered = requestFor([], { tags: [until(600)] });
    const events = [own, answered, feedback(PROVIDER, answered.id, 'processing')];
    expect([...tasksOf(events, NOW).keys()]).toEqual([own.id, answered.id]);
    expect([...tasksOf(events).keys()]).toEqual([answered.id]);
  });

  it('reads alike for somebody who has watched and somebody who looks now', () => {
    const moment = fc.integer({ min: 1, max: 100 });
    const report = fc.record({
      word: fc.constantFrom('processing', 'payment-required', 'success', 'error'),
      at: moment,
      until: fc.option(moment, { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 6 }), moment, (reports, now) => {
        const events = reports.map(({ word, at, until: end }) => {
          const event = feedback(PROVIDER, request.id, word, { at, progress: at });
          return end === null ? event : { ...event, tags: [...event.tags, until(end)] };
        });
        const watched = createJobIndex({ signerPubkey: CUSTOMER });
        for (const event of [request, ...events]) watched.take(event, event, (NOW + 100) * 1000);
        const late = createJobIndex({ signerPubkey: CUSTOMER });
        for (const event of [request, ...events]) late.take(event, event, (NOW + 100 + now) * 1000);
        watched.expire((NOW + 100 + now) * 1000);
        const [a, b] = [watched, late].map((index) => readJob(index.get(request.id) as Job));
        expect(a).toEqual(b);
      }),
    );
  });

  it('is reported when its moment has come', () => {
    const index = createJobIndex({ signerPubkey: CUSTOMER });
    for (const event of [request, expiring('processing', 60)]) index.take(event, event, NOW * 1000);
    expect(index.nextExpiryMs).toBe((NOW + 60) * 1000);
    expect(index.expire((NOW + 59) * 1000).changed).toEqual([]);
    expect(index.expire((NOW + 60) * 1000).changed).toEqual([request.id]);
    expect(index.nextExpiryMs).toBeNull();
  });
});

describe('several lanes', () => {
  const request = requestFor();
  const a = (status: string, progress?: number) =>
    feedback(PROVIDER, request.id, status, progress === undefined ? {} : { progress });
  const b = (status: string, progress?: number) =>
    feedback(RIVAL, request.id, status, progress === undefined ? {} : { progress });

  it.each<[string, Signed[], string, number | null]>([
    ['completed before running', [a('success'), b('processing', 50)], 'completed', null],
    ['running before waiting', [a('payment-required'), b('processing', 50)], 'running', 50],
    ['the one that is further', [a('processing', 20), b('processing', 50)], 'running', 50],
    ['waiting before queued', [a('payment-required'), b('queued')], 'waiting', null],
    ['queued before failed', [a('error'), b('queued')], 'queued', null],
    ['running before failed', [a('error'), b('processing', 1)], 'running', 1],
    [
      'failed before cancelled',
      [a('error'), feedback(RIVAL, request.id, ['error', 'cancelled'])],
      'failed',
      null,
    ],
  ])('%s', (_, events, status, progress) => {
    const task = taskOf(request, ...events);
    expect([task.state.status, task.reportedProgress]).toEqual([status, progress]);
    expect(task.sessions).toHaveLength(2);
  });

  it('label an end that anybody could have claimed', () => {
    expect(taskOf(request, a('success')).labels.unverified).toBe('the request names no provider');
    expect(taskOf(request, a('processing')).labels).not.toHaveProperty('unverified');
    const named = requestFor([PROVIDER]);
    expect(taskOf(named, feedback(PROVIDER, named.id, 'success')).labels).not.toHaveProperty('unverified');
  });

  it('do not exist for keys that were not named', () => {
    const named = requestFor([PROVIDER]);
    const events = [
      feedback(STRANGER, named.id, 'success'),
      feedback(PROVIDER, named.id, 'processing', { progress: 5 }),
    ];
    for (const order of [
      [named, ...events],
      [...events, named],
    ]) {
      const task = tasksOf(order).get(named.id);
      expect([task?.state.status, task?.sessions.length]).toEqual(['running', 1]);
    }
  });

  it('are not opened by a customer’s own words', () => {
    const approved = feedback(CUSTOMER, request.id, 'approved');
    expect(taskOf(request, approved, a('processing')).sessions).toHaveLength(1);
  });

  it('are bounded', () => {
    const crowd = Array.from({ length: 100 }, (_, index) =>
      feedback(index.toString(16).padStart(64, '0'), request.id, 'processing'),
    );
    expect(taskOf(request, ...crowd).sessions).toHaveLength(64);
  });

  it('of a crowd of throw-away keys leave room for the best, and for those that the request names', () => {
    const crowd = Array.from({ length: 200 }, (_, index) =>
      feedback(index.toString(16).padStart(64, 'f'), request.id, 'queued'),
    );
    expect(taskOf(request, ...crowd, a('processing', 40), ...crowd)).toMatchObject({
      state: { status: 'running' },
      reportedProgress: 40,
    });

    const named = requestFor([PROVIDER]);
    const louder = Array.from({ length: 200 }, (_, index) =>
      feedback(index.toString(16).padStart(64, 'f'), named.id, 'processing', { progress: 99 }),
    );
    const word = feedback(PROVIDER, named.id, 'payment-required');
    for (const order of [
      [named, ...louder, word],
      [...louder, word, named],
    ]) {
      const task = tasksOf(order).get(named.id);
      expect([task?.state.status, task?.sessions.length]).toEqual(['waiting', 1]);
    }
  });
});

describe('a cancellation', () => {
  const request = requestFor([PROVIDER]);

  it('by the requester ends the job, whatever its lanes say', () => {
    const task = taskOf(
      request,
      cancellation(CUSTOMER, request.id, 5),
      feedback(PROVIDER, request.id, 'processing', { at: 10, progress: 50 }),
      feedback(PROVIDER, request.id, 'success', { at: 20 }),
    );
    expect(task.state).toEqual({
      status: 'cancelled',
      endedAt: (NOW + 5) * 1000,
      reason: 'by its requester',
    });
    expect(task.offers).toEqual([{ command: 'retry', refusal: null }]);
  });

  it('by anybody else does nothing', () => {
    for (const key of [PROVIDER, STRANGER]) {
      expect(taskOf(request, cancellation(key, request.id)).state.status).toBe('queued');
    }
  });

  it('comes too late for a completed job', () => {
    const done = feedback(PROVIDER, request.id, 'success', { at: 5 });
    expect(taskOf(request, done, cancellation(CUSTOMER, request.id, 6)).state.status).toBe('completed');
    expect(taskOf(request, done, cancellation(CUSTOMER, request.id, 5)).state.status).toBe('completed');
  });

  it('may come before the request, and even if the relays have deleted it', () => {
    const cancelled = cancellation(CUSTOMER, request.id, 5);
    expect(tasksOf([cancelled, request]).get(request.id)?.state.status).toBe('cancelled');
    const orphan = tasksOf([cancelled, feedback(PROVIDER, request.id, 'processing')]).get(request.id);
    expect([orphan?.name, orphan?.state.status]).toEqual([`job ${request.id.slice(0, 8)}`, 'cancelled']);
  });
});

describe('a retry', () => {
  const first = requestFor();
  const second = requestFor([], { created_at: NOW + 10, tags: [['retry', first.id]] });
  const third = requestFor([], { created_at: NOW + 20, tags: [['retry', second.id]] });

  it('is linked with what it repeats, in any order', () => {
    for (const order of [
      [first, second, third],
      [third, first, second],
      [second, third, first],
    ]) {
      const tasks = tasksOf(order);
      expect(order.map(({ id }) => tasks.get(id)?.attempts).toSorted()).toEqual([1, 2, 3]);
      const [a, b, c] = [first, second, third].map(({ id }) => tasks.get(id));
      expect(a).toMatchObject({ retriedAs: b?.id });
      expect(b).toMatchObject({ retryOf: a?.id, retriedAs: c?.id });
      expect(c).toMatchObject({ retryOf: b?.id });
    }
  });

  it('of somebody else’s request repeats nothing', () => {
    const foreign = unsigned(STRANGER, { kind: 5100, tags: [['retry', first.id]] });
    for (const order of [
      [first, foreign],
      [foreign, first],
    ]) {
      const tasks = tasksOf([...order, feedback(PROVIDER, foreign.id, 'processing')]);
      expect(tasks.get(first.id)?.retriedAs).toBeUndefined();
      expect(tasks.get(foreign.id)?.attempts).toBe(1);
    }
  });

  it('of itself, or in a circle, is not one', () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    const circle = [
      { ...requestFor([], { tags: [['retry', b]] }), id: a },
      { ...requestFor([], { tags: [['retry', a]] }), id: b },
    ];
    expect([...tasksOf(circle).values()].map(({ attempts }) => attempts).toSorted()).toEqual([1, 2]);
  });
});

describe('what is shown', () => {
  const own = requestFor();
  const foreign = unsigned(STRANGER, { kind: 5100 });

  it('is our own request at once, another’s once somebody answers', () => {
    expect([...tasksOf([own, foreign]).keys()]).toEqual([own.id]);
    expect([...tasksOf([foreign, feedback(PROVIDER, foreign.id, 'processing')]).keys()]).toEqual([
      foreign.id,
    ]);
  });

  it('is, of single keys, what they asked for, were asked for, or answered', () => {
    const index = createJobIndex({ signerPubkey: null });
    const named = unsigned(STRANGER, { kind: 5100, tags: [['p', PROVIDER]] });
    const answer = feedback(RIVAL, foreign.id, 'processing');
    for (const event of [own, foreign, named, answer]) index.take(event, event, NOW * 1000);
    const shown = (key: string) =>
      [...index.all()]
        .filter((job) => isShown(job, { pubkeys: new Set([key]), signerPubkey: null }))
        .map(({ id }) => id);
    expect(shown(CUSTOMER)).toEqual([own.id]);
    expect(shown(PROVIDER)).toEqual([named.id]);
    expect(shown(RIVAL)).toEqual([foreign.id]);
    expect(shown(STRANGER)).toEqual([foreign.id, named.id]);
  });

  it('is a request of any kind that somebody answers, while the answer counts', () => {
    const odd = unsigned(STRANGER, { kind: 37_572, content: 'odd' });
    const answer = feedback(PROVIDER, odd.id, 'processing');
    expect(tasksOf([answer, odd]).get(odd.id)?.name).toBe('odd');
    const expired = { ...answer, tags: [...answer.tags, ['expiration', String(NOW + 30)]] };
    expect(tasksOf([expired, odd]).size).toBe(0);
    expect(tasksOf([expired, odd], NOW).size).toBe(1);
  });

  it('is a job whose request turned out to be one, if there is only a result for it', () => {
    const note = unsigned(STRANGER, { kind: 1, content: 'a note' });
    const [found, missing] = [requestFor(), requestFor()];
    const answer = { kind: 6100, content: 'done' };
    const answers = [note, found, missing].map(({ id }) =>
      unsigned(PROVIDER, {
        ...answer,
        tags: [
          ['e', id],
          ['p', RIVAL],
        ],
      }),
    );
    expect([...tasksOf([note, found, ...answers]).keys()]).toEqual([found.id]);
  });

  it('is the one of several named requests that is known', () => {
    const tags = [
      ['e', 'c'.repeat(64)],
      ['e', foreign.id],
      ['status', 'processing'],
    ];
    const vague = unsigned(PROVIDER, { kind: 7000, tags });
    for (const order of [
      [foreign, vague],
      [vague, foreign],
    ]) {
      expect([...tasksOf(order).keys()]).toEqual([foreign.id]);
    }
    expect([...tasksOf([vague]).keys()]).toEqual([]);
  });

  it('is a result of an odd kind, from who was asked to who asked', () => {
    const request = requestFor([PROVIDER], { kind: 5251 });
    const tags = [
      ['e', request.id],
      ['p', CUSTOMER],
    ];
    const odd = unsigned(PROVIDER, { kind: 5651, tags, content: 'done' });
    expect(taskOf(request, odd).state).toMatchObject({ status: 'completed', result: 'done' });
  });
});

describe('the commands that are offered', () => {
  it('need the requester’s key', () => {
    const foreign = unsigned(STRANGER, { kind: 5100 });
    const task = taskOf(foreign, feedback(PROVIDER, foreign.id, 'processing'));
    expect(task.offers).toEqual([
      { command: 'cancel', refusal: "needs the requester's key: taskglass key import" },
    ]);
  });
});

describe('any order, repetition of the same events', () => {
  const request = requestFor([PROVIDER, RIVAL]);
  const open = requestFor();
  const retried = requestFor([], { created_at: NOW + 5, tags: [['retry', open.id]] });
  const event = fc
    .record({
      who: fc.constantFrom(PROVIDER, RIVAL, STRANGER),
      id: fc.constantFrom(request.id, open.id, retried.id),
      status: fc.constantFrom<string[][]>(
        ['processing'],
        ['partial'],
        ['success'],
        ['error'],
        ['error', 'cancelled'],
        ['payment-required'],
        ['processing', 'queued'],
        ['strange'],
        [],
      ),
      at: fc.integer({ min: 0, max: 4 }),
      progress: fc.constantFrom(undefined, '0', '0.5', '1', '40', '150%', '-1', 'x'),
      kind: fc.constantFrom('feedback', 'feedback', 'result', 'cancellation', 'own cancellation'),
    })
    .map(({ who, id, status, at, progress, kind }): Signed => {
      if (kind === 'result') return result(who, id, `result ${at}`, at);
      if (kind === 'cancellation') return cancellation(who, id, at);
      if (kind === 'own cancellation') return cancellation(CUSTOMER, id, at);
      return feedback(who, id, status, { at, ...(progress === undefined ? {} : { progress }) });
    });

  it('makes the same tasks', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 20 }).chain((events) => {
          const all = [request, open, retried, ...events];
          const repeated = fc.shuffledSubarray([...all, ...all], { minLength: all.length });
          return fc.tuple(fc.constant(all), repeated);
        }),
        ([all, some]) => {
          const inOtherOrder = [...some, ...all.filter((one) => !some.includes(one))];
          const sorted = (events: readonly Signed[]) =>
            [...tasksOf(events).values()].toSorted((x, y) => (x.id < y.id ? -1 : 1));
          expect(sorted(inOtherOrder)).toEqual(sorted(all));
        },
      ),
      { numRuns: 300 },
    );
  });
});
