import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeShow, decodeTimers, decodeUnits } from '../../../src/sources/systemd/format.ts';
import { unitTask } from '../../../src/sources/systemd/unit-task.ts';
import { UNSAFE } from '../../helpers/hostile-text.ts';
import { fakeUnit, NEXT_US, STATES } from './sample.ts';

const CONTEXT = { nextAt: undefined, wasRunning: false, isStopped: false };
const TIMED = { ...CONTEXT, nextAt: NEXT_US / 1000 };
const state = (facts: object, context: Parameters<typeof unitTask>[1] = CONTEXT) =>
  unitTask(fakeUnit('backup', facts), context)?.state;

describe('a service', () => {
  const failed = (Result: string, ExecMainStatus = '0') => ({
    ActiveState: 'failed',
    Result,
    ExecMainStatus,
  });
  it.each([
    [
      'that is up and has no end is no task',
      { ActiveState: 'active', SubState: 'running', Type: 'simple' },
      undefined,
    ],
    [
      'that has done its work at the start is no task',
      { ActiveState: 'active', SubState: 'exited' },
      undefined,
    ],
    ['that nobody has started is no task', STATES.queued, undefined],
    ['that works runs', STATES.running, { status: 'running' }],
    [
      'of systemd-run runs',
      { ActiveState: 'active', SubState: 'running', Transient: 'yes' },
      { status: 'running' },
    ],
    [
      'has an exit code',
      STATES.failed,
      { status: 'failed', error: 'exit code 3', endedAt: 1_796_012_400_000 },
    ],
    ['was killed', failed('signal', '9'), { error: 'ended by signal 9' }],
    ['was stopped', failed('signal', '15'), { status: 'cancelled', reason: 'ended by signal 15' }],
    ['was too slow', failed('timeout'), { error: 'timeout' }],
    ['used too much memory', failed('oom-kill'), { error: 'oom kill' }],
    ['was started too often', failed('start-limit-hit'), { error: 'start limit hit' }],
    ['has failed before its main command', failed('exit-code'), { error: 'exit code' }],
  ])('%s', (_what, facts, expected) => {
    const found = state(facts);
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });

  it('of a timer tells how it ended last, and when it comes next', () => {
    expect(state(STATES.queued, TIMED)).toEqual({
      status: 'queued',
      reason: expect.stringMatching(/^next 2026-/u),
    });
    const done = unitTask(fakeUnit('backup', STATES.completed), TIMED);
    expect(done).toMatchObject({
      name: 'backup',
      state: { status: 'completed', endedAt: 1_796_012_400_000 },
      startedAt: 1_796_012_357_000,
      notes: [{ text: expect.stringMatching(/^next 2026-/u) }],
      labels: { description: 'Does backup' },
    });
    expect(state(STATES.failed, TIMED)).toMatchObject({ status: 'failed' });
  });

  it('that was ended by a signal without a failure was stopped', () => {
    expect(state({ ...STATES.completed, ExecMainCode: '2', ExecMainStatus: '15' }, TIMED)).toMatchObject({
      status: 'cancelled',
    });
  });
});

it('reads what systemctl shows of several units', () => {
  const text =
    'Id=a.service\nDescription=x=y\nExecMainStartTimestamp=@1796012357\n\nId=b.service\nDescription=\n';
  expect(decodeShow(text)).toEqual([
    { Id: 'a.service', Description: 'x=y', ExecMainStartTimestamp: '@1796012357' },
    { Id: 'b.service', Description: '' },
  ]);
});

it('reads when timers come next', () => {
  const timer = (activates: unknown, next: unknown) => ({ next, unit: 'x.timer', activates });
  const timers = decodeTimers([
    timer('a.service', NEXT_US),
    timer('b.service', 0),
    timer('c.service', null),
    timer('-x', 5),
  ]);
  expect([...(timers ?? [])]).toEqual([
    ['a.service', NEXT_US / 1000],
    ['b.service', null],
    ['c.service', null],
  ]);
});

it('puts no name on a command line that is not a service’s', () => {
  const names = [
    'ok@1.service',
    '--force.service',
    'a b.service',
    'a.socket',
    '$(reboot).service',
    'x\n.service',
  ];
  const units = decodeUnits(names.map((unit) => ({ unit, active: 'failed', sub: 'failed' })));
  expect(units?.map(({ id }) => id)).toEqual(['ok@1.service', '--force.service']);
});

it.each([null, {}, 'x', [null], [{}], [{ unit: 3 }]])('%j is no list of units, nor of timers', (document) => {
  expect(decodeUnits(document)).toBeNull();
  expect(decodeTimers(document)).toBeNull();
});

it('reads anything', () => {
  const facts = fc.dictionary(
    fc.constantFrom(...Object.keys(fakeUnit('x', {}))),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(facts, fc.string(), fc.boolean(), (odd, text, flag) => {
      for (const ActiveState of ['active', 'inactive', 'failed', 'activating', 'deactivating', text]) {
        const context = { nextAt: flag ? Number.NaN : undefined, wasRunning: flag, isStopped: !flag };
        const task = unitTask({ ...odd, Id: 'x.service', ActiveState }, context);
        expect(`${task?.name}${JSON.stringify(task?.state)}`).not.toMatch(UNSAFE);
      }
      decodeShow(text);
    }),
  );
});
