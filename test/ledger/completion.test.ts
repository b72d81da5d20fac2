import { existsSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ActionContext } from '../../src/ledger/run-action.ts';
import { eventually } from '../helpers/eventually.ts';
import { refusalOf, stillClock, storyOf, temporaryLedger } from '../helpers/ledger.ts';

describe('completing', () => {
  test('goes through verification and hooks in order, each told of its task', async () => {
    await using world = await temporaryLedger();
    const { ledger, path } = world;
    const log = world.file('log');
    const say = (word: string) =>
      `echo ${word} $TASKGLASS_TASK_ID $TASKGLASS_TASK_RUN.$TASKGLASS_TASK_ATTEMPT $TASKGLASS_TASK_STATUS >> ${log}`;
    await ledger.register({
      id: 'a',
      verification: say('verify'),
      beforeCompletion: [say('first'), ['/bin/sh', '-c', say('second')]],
      afterCompletion: [
        say('notify'),
        `test "$TASKGLASS_LEDGER" = ${path} && test "$TASKGLASS_TASK_RESULT" = good`,
      ],
    });
    const { status } = await ledger.complete('a', { result: 'good' });
    expect(status).toMatchObject({ status: 'completed', result: 'good', isForced: false });
    expect(status.verifiedAt).not.toBeNull();
    expect(readFileSync(log, 'utf8').split('\n')).toEqual([
      'verify a 1.1 completing',
      'first a 1.1 completing',
      'second a 1.1 completing',
      'notify a 1.1 completed',
      '',
    ]);
    expect(await storyOf(ledger)).toEqual([
      'a registered →pending',
      'a completing pending→completing',
      'a completed completing→completed',
    ]);
  });

  test('is refused by the verification, and the history has its output', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    await ledger.register({ id: 'a', verification: 'echo 3 rows are missing >&2; exit 3' });
    await ledger.start('a');
    const { code, problem } = await refusalOf(ledger.complete('a', { note: 'done?' }));
    expect(code).toBe('verification');
    expect(problem.message).toContain('a was not completed and is in_progress again');
    expect(problem.hint).toBe('its last line: 3 rows are missing');
    expect((await ledger.get('a')).status).toMatchObject({
      status: 'in_progress',
      endedAt: null,
      result: null,
    });
    expect((await ledger.history()).at(-1)).toMatchObject({
      event: 'refused',
      reason: expect.stringContaining('exit code 3'),
      output: '3 rows are missing',
    });
    expect(await ledger.notes('a')).toEqual([]);
  });

  test('where it is forced, nothing is verified and that is remembered', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register([
      { id: 'a', verification: 'false' },
      { id: 'b', dependencies: ['a'] },
      { id: 'c' },
    ]);
    expect((await refusalOf(world.ledger.complete('b'))).code).toBe('dependencies');
    expect((await world.ledger.complete('b', { force: true })).status.isForced).toBe(true);
    expect((await world.ledger.complete('a', { force: true })).status).toMatchObject({
      isForced: true,
      verifiedAt: null,
    });
    expect((await world.ledger.complete('c', { force: true })).status.isForced).toBe(false);
  });

  test('stops at the first hook that fails', async () => {
    await using world = await temporaryLedger();
    const never = world.file('never');
    await world.ledger.register({
      id: 'a',
      beforeCompletion: ['true', { name: 'upload', command: 'exit 9' }, `touch ${never}`],
      afterCompletion: [`touch ${never}`],
    });
    const { code, message } = await refusalOf(world.ledger.complete('a'));
    expect(code).toBe('hook');
    expect(message).toContain(
      'a was not completed and is pending again: the hook "upload" before completion failed: exit code 9',
    );
    expect(existsSync(never)).toBe(false);
  });

  test('is taken back by a notification that fails; nobody who waits for it has begun meanwhile', async () => {
    await using world = await temporaryLedger({
      functions: {
        tell: async ({ task }: ActionContext) => {
          expect(task.status.status).toBe('completed');
          seen = (await world.ledger.get('after')).waitsFor;
          throw new Error('nobody answers');
        },
      },
    });
    let seen: readonly string[] = [];
    const { ledger } = world;
    await ledger.register([
      { id: 'a', afterCompletion: [{ function: 'tell' }] },
      { id: 'after', dependencies: ['a'] },
    ]);
    await ledger.start('a');
    const { code, message } = await refusalOf(ledger.complete('a', { result: 'x' }));
    expect(code).toBe('hook');
    expect(message).toContain('nobody answers');
    expect(seen).toEqual(['a']);
    expect((await ledger.get('a')).status).toMatchObject({
      status: 'in_progress',
      result: null,
      endedAt: null,
    });
    expect((await storyOf(ledger)).slice(-2)).toEqual([
      'a completed in_progress→completed',
      'a revoked completed→in_progress',
    ]);
  });

  test('by a registered function: what it returns is kept, false is a no, a name that is unknown is refused', async () => {
    await using world = await temporaryLedger({
      functions: { yes: () => 'all 12 rows', no: () => false },
    });
    const { ledger } = world;
    await ledger.register(['yes', 'no', 'toString'].map((id) => ({ id, verification: { function: id } })));
    expect(await ledger.verify('yes')).toMatchObject({ ran: true, ok: true, output: 'all 12 rows' });
    expect(await ledger.verify('no')).toMatchObject({ ran: true, ok: false, reason: 'it returned false' });
    expect((await ledger.complete('yes')).status.status).toBe('completed');
    expect((await refusalOf(ledger.complete('no'))).code).toBe('verification');
    expect((await refusalOf(ledger.complete('toString'))).code).toBe('unknown-function');
    expect((await ledger.get('no')).status.status).toBe('pending');
    expect(await ledger.count({ status: ['completed'] })).toBe(1);
  });

  test('a function that does not come to an end is left behind', async () => {
    const clock = stillClock();
    let given: AbortSignal | undefined;
    await using world = await temporaryLedger({
      clock,
      functions: {
        forever: ({ signal }) => {
          given = signal;
          return new Promise(() => {});
        },
      },
    });
    await world.ledger.register({ id: 'a', verification: { function: 'forever', timeoutMs: 5_000 } });
    const refused = refusalOf(world.ledger.complete('a'));
    await eventually(() => expect(given).toBeDefined());
    clock.advance(5_000);
    expect((await refused).message).toContain('it did not end within 5 s');
    expect(given?.aborted).toBe(true);
  });

  test('whoever asked may give up: the command is ended, the task is as it was', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    const begun = world.file('begun');
    await ledger.register({ id: 'a', verification: `touch ${begun}; sleep 600` });
    const stop = new AbortController();
    const refused = refusalOf(ledger.complete('a', { signal: stop.signal }));
    await eventually(() => expect(existsSync(begun)).toBe(true));
    expect((await ledger.get('a')).status.status).toBe('completing');
    stop.abort();
    expect((await refused).message).toContain('it was interrupted');
    expect((await ledger.get('a')).status.status).toBe('pending');
  });

  test('two at once: one does it, the other hears what is possible', async () => {
    await using world = await temporaryLedger();
    const go = world.file('go');
    await world.ledger.register({ id: 'a', verification: `while [ ! -e ${go} ]; do sleep 0.01; done` });
    const other = await world.again();
    const first = world.ledger.complete('a');
    await eventually(async () => expect((await other.get('a')).status.status).toBe('completing'));
    const refused = await refusalOf(other.complete('a'));
    expect(refused.message).toContain(
      'a is completing: complete is not possible (possible now: fail, cancel, reset)',
    );
    await other
      .note('a', go)
      .then(() => import('node:fs').then(({ writeFileSync }) => writeFileSync(go, '')));
    expect((await first).status.status).toBe('completed');
  });

  test('a task that was cancelled while it was verified stays cancelled', async () => {
    let verifying = () => {};
    const begun = new Promise<void>((resolve) => {
      verifying = resolve;
    });
    await using world = await temporaryLedger({
      functions: {
        slow: async () => {
          verifying();
          await cancelled;
        },
      },
    });
    await world.ledger.register({ id: 'a', verification: { function: 'slow' } });
    const other = await world.again();
    const cancelled = begun.then(() => other.cancel('a', { reason: 'too late' }));
    expect((await refusalOf(world.ledger.complete('a'))).code).toBe('conflict');
    expect((await world.ledger.get('a')).status).toMatchObject({ status: 'cancelled', error: 'too late' });
  });
});

describe('a process that dies in the middle', () => {
  test('of a verification leaves a task that is put back once its time is over', async () => {
    const clock = stillClock();
    await using world = await temporaryLedger({ clock, functions: { hang: () => new Promise(() => {}) } });
    await world.ledger.register([
      { id: 'a', verification: { function: 'hang', timeoutMs: 10_000 } },
      { id: 'b' },
    ]);
    await world.ledger.start('a');
    void world.ledger.complete('a').catch(() => {});
    await setImmediate();
    const other = await world.again({ clock: stillClock() });
    expect((await other.get('a')).status.status).toBe('completing');

    const later = stillClock();
    later.advance(40_001);
    const survivor = await world.again({ clock: later });
    await survivor.start('b');
    expect((await survivor.get('a')).status.status).toBe('in_progress');
    expect((await survivor.history({ task: 'a' })).at(-1)).toMatchObject({
      event: 'recovered',
      from: 'completing',
      to: 'in_progress',
      reason: 'the process that was completing it ended half-way',
    });
    expect((await survivor.complete('a', { force: true })).status.status).toBe('completed');
  });

  test('of the hooks after completion leaves a completed task that counts once its time is over', async () => {
    const clock = stillClock();
    await using world = await temporaryLedger({ clock, functions: { hang: () => new Promise(() => {}) } });
    await world.ledger.register([
      { id: 'a', afterCompletion: [{ function: 'hang', timeoutMs: 10_000 }] },
      { id: 'b', dependencies: ['a'] },
    ]);
    void world.ledger.complete('a').catch(() => {});
    await eventually(async () => expect((await world.ledger.get('a')).status.status).toBe('completed'));
    const later = stillClock();
    const survivor = await world.again({ clock: later });
    expect(await survivor.next()).toBeNull();
    later.advance(40_001);
    expect((await survivor.next({ start: true }))?.definition.id).toBe('b');
    expect((await survivor.history({ task: 'a' })).at(-1)).toMatchObject({
      event: 'recovered',
      to: 'completed',
    });
  });
});

describe('failing', () => {
  test('runs the rollback, which knows why, and writes down how it went', async () => {
    await using world = await temporaryLedger();
    const { ledger } = world;
    await ledger.register([
      { id: 'a', rollback: 'echo undone because of $TASKGLASS_TASK_ERROR' },
      { id: 'b', rollback: 'exit 7' },
      { id: 'c', rollback: { function: 'elsewhere' } },
    ]);
    for (const id of ['a', 'b', 'c'])
      expect((await ledger.fail(id, { error: 'a flood' })).status).toMatchObject({
        status: 'failed',
        error: 'a flood',
      });
    const told = (await ledger.history()).filter(({ event }) => event === 'rollback');
    expect(told).toMatchObject([
      { task: 'a', reason: 'the rollback succeeded', output: 'undone because of a flood' },
      { task: 'b', reason: 'the rollback failed: exit code 7' },
      { task: 'c', reason: 'not run: this program lacks its function' },
    ]);
  });

  test('each change raises the version by one, which is the number of its lines', async () => {
    await using world = await temporaryLedger();
    await world.ledger.register({
      id: 'a',
      rollback: 'true',
      verification: 'false',
      afterCompletion: ['false'],
    });
    await world.ledger.start('a');
    await world.ledger.complete('a').catch(() => {});
    await world.ledger.complete('a', { force: true }).catch(() => {});
    const { status } = await world.ledger.fail('a', { error: 'x' });
    expect(await world.ledger.history({ task: 'a', run: 1 })).toHaveLength(status.version);
    expect(status.version).toBe(8);
  });
});
