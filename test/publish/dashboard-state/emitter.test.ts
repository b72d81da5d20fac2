import { execFileSync } from 'node:child_process';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createFakeClock, type FakeClock, systemClock } from '../../../src/clock.ts';
import { type DashboardState, DashboardStateSchema } from '../../../src/model/dashboard-state.ts';
import { sourceId } from '../../../src/model/id.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { overallProgress } from '../../../src/model/progress.ts';
import { sendCommandFile } from '../../../src/publish/dashboard-state/command-file.ts';
import { DashboardStateEmitter } from '../../../src/publish/dashboard-state/emitter.ts';
import { decodeDashboardState } from '../../../src/sources/dashboard-state/format.ts';
import { createDashboardStateSource } from '../../../src/sources/dashboard-state/source.ts';
import { eventually } from '../../helpers/eventually.ts';
import { temporaryDirectory } from '../../helpers/temporary-directory.ts';
import { commandContext, openView } from '../../sources/source-contract.ts';

const START = 1_800_000_000_000;

let clock: FakeClock;
let states: DashboardState[];
let problems: string[];
let emitter: DashboardStateEmitter;

function create(options: Partial<ConstructorParameters<typeof DashboardStateEmitter>[0]> = {}) {
  emitter = new DashboardStateEmitter({
    clock,
    onStateChange: (state) => void states.push(state),
    onProblem: (problem: Problem) => void problems.push(problem.message),
    ...options,
  });
  return emitter;
}

beforeEach(() => {
  clock = createFakeClock(START);
  states = [];
  problems = [];
});
afterEach(() => emitter?.close());

const lastTask = (taskId = 't1') => states.at(-1)?.activeTasks.find((task) => task.taskId === taskId);

describe('the dashboard state emitter', () => {
  it('asks a person, and continues once that is answered', () => {
    create().startTask('t1', 'Pack', ['read', 'pack']);
    const read = () => decodeDashboardState(states.at(-1))?.tasks[0];
    emitter.describeTask('t1', { question: 'Overwrite? [y/N]', lastLine: 'reading' });
    clock.advance(5_000);
    emitter.describeTask('t1', { question: 'Overwrite? [y/N]' });
    expect(read()).toMatchObject({
      state: { status: 'needs-input', reason: 'Overwrite? [y/N]' },
      question: { askedAt: START },
      lastLine: 'reading',
      updatedAt: START + 5_000,
    });
    emitter.describeTask('t1', { question: null });
    expect(read()).toMatchObject({ state: { status: 'running' } });
    expect(read()).not.toHaveProperty('question');
  });

  it.each([
    ['failed', (it: DashboardStateEmitter) => it.failTask('t1', 'no space')],
    ['cancelled', (it: DashboardStateEmitter) => it.cancelTask('t1')],
  ])('keeps how far a task was that is %s', (_status, end) => {
    create().startTask('t1', 'Pack', ['read', 'pack']);
    emitter.updateTaskStep('t1', 0, 'completed');
    emitter.updateTaskStep('t1', 1, 'running', 40);
    end(emitter);
    const { tasks } = decodeDashboardState(states.at(-1)) ?? { tasks: [] };
    expect(tasks.map(overallProgress)).toEqual([70]);
  });

  it('counts how often a task was tried that failed or was cancelled', () => {
    const tries = create();
    const attempts = () => {
      tries.startTask('t1', 'Hash', ['read']);
      return lastTask()?.attempts;
    };
    const seen = [attempts()];
    tries.failTask('t1', 'disk full');
    seen.push(attempts());
    tries.cancelTask('t1');
    seen.push(attempts());
    tries.completeTask('t1');
    seen.push(attempts());
    expect(seen).toEqual([undefined, 2, 3, undefined]);
  });

  it('emits the full state at every call, at once', () => {
    create({ workspaceId: 'ws', userId: 'me' }).startTask('t1', 'Hash the archive', ['read', 'hash'], 90_000);
    expect(states).toEqual([
      {
        version: 1,
        timestamp: START,
        workspaceId: 'ws',
        userId: 'me',
        widgets: {},
        loading: { isLoading: false, loadingAgents: [] },
        errors: {},
        activeTasks: [
          {
            taskId: 't1',
            taskName: 'Hash the archive',
            status: 'running',
            currentStep: 0,
            totalSteps: 2,
            steps: [
              { index: 0, name: 'read', status: 'pending' },
              { index: 1, name: 'hash', status: 'pending' },
            ],
            startedAt: START,
            estimatedCompletionMs: 90_000,
          },
        ],
      },
    ]);
    emitter.updateTaskStep('t1', 0);
    emitter.updateTaskStep('t1', 0, 'running', 50);
    expect(states).toHaveLength(3);
  });

  it('stamps a step’s start once and its end', () => {
    create().startTask('t1', 'Hash', ['read', 'hash']);
    clock.advance(1_000);
    emitter.updateTaskStep('t1', 0, 'running');
    clock.advance(1_000);
    emitter.updateTaskStep('t1', 0, 'running', 60);
    clock.advance(1_000);
    emitter.updateTaskStep('t1', 0, 'completed');
    emitter.updateTaskStep('t1', 1, 'running');
    expect(lastTask()).toMatchObject({
      currentStep: 1,
      steps: [
        {
          index: 0,
          name: 'read',
          status: 'completed',
          startedAt: START + 1_000,
          completedAt: START + 3_000,
          progress: 60,
        },
        { index: 1, name: 'hash', status: 'running', startedAt: START + 3_000 },
      ],
    });
  });

  it('names the step that was touched last as the current one', () => {
    create().startTask('t1', 'Hash', ['a', 'b', 'c']);
    emitter.updateTaskStep('t1', 2, 'running');
    emitter.updateTaskStep('t1', 0, 'completed');
    expect(lastTask()?.currentStep).toBe(0);
  });

  it('completes every step with the task, failed ones too', () => {
    create().startTask('t1', 'Hash', ['a', 'b', 'c']);
    emitter.updateTaskStep('t1', 0, 'failed');
    emitter.updateTaskStep('t1', 1, 'running');
    clock.advance(500);
    emitter.completeTask('t1');
    expect(lastTask()).toMatchObject({ status: 'completed', completedAt: START + 500 });
    expect(lastTask()?.steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect(lastTask()?.steps.map(({ completedAt }) => completedAt)).toEqual(Array(3).fill(START + 500));
  });

  it('fails the running step with the task', () => {
    create().startTask('t1', 'Hash', ['a', 'b']);
    emitter.updateTaskStep('t1', 0, 'completed');
    emitter.updateTaskStep('t1', 1, 'running');
    emitter.failTask('t1', 'disk full\nat line 1');
    expect(lastTask()).toMatchObject({ status: 'failed', error: 'disk full\nat line 1', completedAt: START });
    expect(lastTask()?.steps.map(({ status }) => status)).toEqual(['completed', 'failed']);
  });

  it('leaves neither start nor end on the step that a cancel interrupts', () => {
    const signal = create().startTask('t1', 'Hash', ['a', 'b']);
    emitter.updateTaskStep('t1', 0, 'running', 60);
    emitter.cancelTask('t1');
    expect(lastTask()).toMatchObject({ status: 'cancelled', completedAt: START });
    expect(lastTask()?.steps[0]).toEqual({ index: 0, name: 'a', status: 'pending' });
    expect(signal.aborted).toBe(true);
  });

  it('refuses the eleventh task that has not ended, aloud', () => {
    create();
    for (let i = 0; i < 10; i += 1) emitter.startTask(`t${i}`, 'Task');
    expect(() => emitter.startTask('t10', 'Task')).toThrow(
      'task t10 is not started: 10 tasks are already running, which is the limit',
    );
    expect(states).toHaveLength(11);
    expect(states.at(-1)?.activeTasks).toEqual(states.at(-2)?.activeTasks);
    emitter.startTask('t9', 'the same again');
    emitter.completeTask('t0');
    emitter.startTask('t10', 'Task');
    expect(states.at(-1)?.activeTasks).toHaveLength(11);
  });

  it.each([1, 3, 25])('accepts as many at once as it is told to: %i', (maxActiveTasks) => {
    create({ maxActiveTasks });
    for (let i = 0; i < maxActiveTasks; i += 1) emitter.startTask(`t${i}`, 'Task');
    expect(() => emitter.startTask('more', 'Task')).toThrow(
      /more is not started: \d+ tasks? (is|are) already running/u,
    );
    expect(lastTask('more')).toBeUndefined();
  });

  it('accepts any number if there is no limit', () => {
    create({ maxActiveTasks: Number.POSITIVE_INFINITY });
    for (let i = 0; i < 200; i += 1) emitter.startTask(`t${i}`, 'Task');
    expect(states.at(-1)?.activeTasks).toHaveLength(200);
  });

  it.each([0, -1, 1.5, Number.NaN, '10' as unknown as number])(
    'has no limit such as %s',
    (maxActiveTasks) => {
      expect(() => create({ maxActiveTasks })).toThrow(RangeError);
    },
  );

  describe('a refused task', () => {
    const refuse = (taskId: string, taskName = 'Two') =>
      expect(() => emitter.startTask(taskId, taskName)).toThrow(RangeError);
    const errors = () => states.at(-1)?.errors;
    const WHY = 'Two is refused: 1 task is already running, which is the limit';
    beforeEach(() => {
      create({ maxActiveTasks: 1 }).startTask('t1', 'One', ['a']);
      refuse('t2');
    });

    it('is among the errors, not among the tasks', () => {
      expect(states.at(-1)).toMatchObject({ errors: { t2: WHY }, activeTasks: [{ taskId: 't1' }] });
      expect(DashboardStateSchema.parse(states.at(-1))).toEqual(states.at(-1));
    });

    it('causes no warning whatever is reported on it, and stays there', () => {
      const told = states.length;
      for (let i = 0; i < 100; i += 1) emitter.updateTaskStep('t2', 0, 'running', i);
      emitter.setSteps('t2', ['a']);
      emitter.completeTask('t2');
      emitter.failTask('t2', 'late');
      emitter.cancelTask('t2');
      expect({ problems, told: states.length }).toEqual({ problems: [], told });
      expect(errors()).toEqual({ t2: WHY });
    });

    it('is forgotten when it starts after all, is removed, or five minutes have passed', () => {
      refuse('t3');
      refuse('t4');
      emitter.removeTask('t3');
      emitter.completeTask('t1');
      emitter.startTask('t2', 'Two');
      expect(Object.keys(errors() ?? {})).toEqual(['t4']);
      emitter.updateTaskStep('t3', 0);
      expect(problems).toEqual(['there is no task t3']);
      clock.advance(300_000);
      expect(errors()).toEqual({});
    });

    it('is counted if there are many', () => {
      for (let i = 3; i < 33; i += 1) refuse(`t${i}`);
      expect(Object.entries(errors() ?? {}).at(-1)).toEqual(['…', '11 more tasks were refused']);
      for (let i = 33; i < 2_003; i += 1) refuse(`t${i}`);
      const entries = Object.entries(errors() ?? {});
      expect(entries).toHaveLength(21);
      expect(entries.at(-2)?.[0]).toBe('t2002');
      expect(entries.at(-1)).toEqual(['…', 'at least 980 more tasks were refused']);
    });
  });

  it('keeps an ended task for five minutes from its end, and then removes it automatically', () => {
    create().startTask('old', 'Old');
    clock.advance(60_000);
    emitter.completeTask('old');
    emitter.startTask('new', 'New');
    clock.advance(299_999);
    expect(emitter.state.activeTasks.map(({ taskId }) => taskId)).toEqual(['old', 'new']);
    clock.advance(1);
    expect(states.at(-1)?.activeTasks.map(({ taskId }) => taskId)).toEqual(['new']);
    expect(states.at(-1)?.timestamp).toBe(START + 360_000);
  });

  it('removes a task when it is told to', () => {
    create().startTask('t1', 'Hash');
    emitter.removeTask('t1');
    expect(states.at(-1)?.activeTasks).toEqual([]);
    emitter.cleanupCompletedTasks();
    expect(states).toHaveLength(2);
  });

  it('warns of what it does not know, and changes nothing', () => {
    create().startTask('t1', 'Hash', ['a']);
    emitter.updateTaskStep('gone', 0);
    emitter.updateTaskStep('t1', 7);
    emitter.updateTaskStep('t1', 0.5);
    emitter.removeTask('gone');
    emitter.completeTask('t1');
    emitter.failTask('t1', 'too late');
    expect(problems).toEqual([
      'there is no task gone',
      'task t1 has no step 7',
      'task t1 has no step 0.5',
      'there is no task gone',
      'task t1 is already completed',
    ]);
    expect(states).toHaveLength(2);
  });

  it('emits what its schema accepts if plain JavaScript passes other types', () => {
    create().startTask('t1', 7 as unknown as string, [1, 2] as unknown as string[]);
    emitter.updateTaskStep('t1', '0' as unknown as number);
    emitter.updateTaskStep('t1', 0, 'skipped' as 'running');
    emitter.failTask('t1', new Error('disk full') as unknown as string);
    expect(DashboardStateSchema.parse(states.at(-1))).toEqual(states.at(-1));
    expect(lastTask()).toMatchObject({ status: 'failed', error: 'disk full', currentStep: 0 });
    expect(problems).toEqual(['task t1 has no step 0', 'a step is never skipped']);
    for (const id of ['', 7 as unknown as string])
      expect(() => emitter.startTask(id, 'Hash')).toThrow(
        'the task Hash is not started: its id is not a text',
      );
  });

  it.each([
    [150, 100],
    [-5, 0],
    [1e9, 100],
    ['50', 50],
    [33.3, 33.3],
    [200 / 3, 66.7],
    [99.99, 99.9],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['soon', undefined],
  ])('takes a progress of %s for %s', (progress, shown) => {
    create().startTask('t1', 'Hash', ['a']);
    emitter.updateTaskStep('t1', 0, 'running', progress as number);
    expect(lastTask()?.steps[0]?.progress).toBe(shown);
  });

  it('emits nothing that its schema does not accept, whatever it is told', () => {
    const call = fc.record({
      method: fc.constantFrom('start', 'step', 'complete', 'fail', 'cancel', 'remove'),
      task: fc.constantFrom('a', 'b', 'c'),
      step: fc.integer({ min: -1, max: 3 }),
      status: fc.constantFrom('pending', 'running', 'completed', 'failed'),
      progress: fc.oneof(fc.double(), fc.constant(undefined)),
      text: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        states = [];
        create();
        for (const { method, task, step, status, progress, text } of calls) {
          if (method === 'start') emitter.startTask(task, text, ['x', 'y'], progress);
          if (method === 'step') emitter.updateTaskStep(task, step, status as 'running', progress);
          if (method === 'complete') emitter.completeTask(task);
          if (method === 'fail') emitter.failTask(task, text);
          if (method === 'cancel') emitter.cancelTask(task);
          if (method === 'remove') emitter.removeTask(task);
        }
        for (const state of states) expect(DashboardStateSchema.parse(state)).toEqual(state);
      }),
    );
  });
});

describe('sinks', () => {
  it('are not waited for; the newest state wins', async () => {
    const written: number[] = [];
    const release: (() => void)[] = [];
    const slow = {
      name: 'slow',
      write: (state: DashboardState) => {
        written.push(state.activeTasks.length);
        return new Promise<void>((resolve) => release.push(resolve));
      },
    };
    create({ sinks: [slow] });
    for (let i = 1; i <= 5; i += 1) emitter.startTask(`t${i}`, 'Task');
    expect(states).toHaveLength(5);
    expect(written).toEqual([1]);
    release.shift()?.();
    await eventually(() => expect(written).toEqual([1, 5]));
    release.shift()?.();
    await emitter.flush();
    expect(written).toEqual([1, 5]);
  });

  it('that fail are reported once and tried again, with the newest state', async () => {
    const written: number[] = [];
    let isBroken = true;
    const sink = {
      name: 'the dashboard',
      async write(state: DashboardState) {
        if (isBroken) throw new Error('connection refused');
        written.push(state.activeTasks.length);
      },
    };
    create({ sinks: [sink] }).startTask('t1', 'Task');
    await eventually(() => expect(problems).toHaveLength(1));
    emitter.startTask('t2', 'Task');
    clock.advance(250);
    clock.advance(0);
    isBroken = false;
    await eventually(() => {
      clock.advance(1_000);
      expect(written).toEqual([2]);
    });
    expect(problems).toEqual(['the dashboard did not accept the state: connection refused']);
    expect(states).toHaveLength(2);
  });

  it('may return something other than a promise: then it has the state', () => {
    const written: number[] = [];
    const append = (state: DashboardState) => written.push(state.activeTasks.length) as unknown as undefined;
    create({ onStateChange: append }).startTask('t1', 'Task');
    emitter.startTask('t2', 'Task');
    expect(written).toEqual([1, 2]);
    expect(problems).toEqual([]);
  });

  it('are not given again what they failed to take, once they have something newer', async () => {
    const taken: string[] = [];
    const answers: PromiseWithResolvers<void>[] = [];
    const onStateChange = async ({ activeTasks: [task] }: DashboardState) => {
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      taken.push(String(task?.status));
    };
    create({ onStateChange }).startTask('t1', 'Task');
    emitter.completeTask('t1');
    answers[1]?.resolve();
    await eventually(() => expect(taken).toEqual(['completed']));
    answers[0]?.reject(new Error('connection lost'));
    await eventually(() => expect(problems).toHaveLength(1));
    clock.advance(60_000);
    await emitter.flush();
    expect(answers).toHaveLength(2);
  });

  it('that never answer hold nobody up for long', async () => {
    create({ sinks: [{ name: 'the wall', write: () => new Promise<void>(() => {}) }] }).startTask(
      't1',
      'Task',
    );
    const closed = emitter.close();
    await eventually(async () => {
      clock.advance(1_000);
      expect(problems).toEqual(['the wall did not accept the state: no answer for 5 s']);
    });
    await closed;
  });

  it('are tried again even if nobody can be told', async () => {
    const warned = new Promise((resolve) => process.once('warning', resolve));
    let tries = 0;
    const onStateChange = async () => {
      tries += 1;
      throw new Error('connection refused');
    };
    const onProblem = () => {
      throw new Error('a bug of the host');
    };
    create({ onStateChange, onProblem }).startTask('t1', 'Task');
    expect(await warned).toMatchObject({ message: expect.stringContaining('connection refused') });
    clock.advance(250);
    await eventually(() => expect(tries).toBe(2));
  });

  it('may throw without the worker noticing', () => {
    create({
      onStateChange() {
        throw new Error('a bug of the host');
      },
    }).startTask('t1', 'Task');
    expect(problems).toEqual(['onStateChange did not accept the state: a bug of the host']);
  });
});

describe('a state file', () => {
  it('is whole at every moment, made with its directories, and holds the newest state in the end', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('deep/state.json');
    create({ file }).startTask('t1', 'Hash', ['a']);
    for (let i = 0; i <= 100; i += 1) {
      emitter.updateTaskStep('t1', 0, 'running', i);
      if (i % 10 === 0) await emitter.flush();
      const state = DashboardStateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      expect(state.activeTasks).toHaveLength(1);
    }
    await emitter.close();
    const { process: _, ...written } = JSON.parse(await readFile(file, 'utf8'));
    expect(written).toEqual(states.at(-1));
    expect(await readdir(directory.file('deep'))).toEqual(['state.json']);
  });

  it('has the newest state even if the program ends by process.exit', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('state.json');
    await writeFile(file, '{}', { mode: 0o640 });
    const program = `
      import { DashboardStateEmitter } from ${JSON.stringify(new URL('../../../src/publish/dashboard-state/emitter.ts', import.meta.url).href)};
      const emitter = new DashboardStateEmitter({ file: process.argv[1] });
      emitter.startTask('t1', 'Hash', ['a']);
      let rounds = 0;
      (function update() {
        emitter.updateTaskStep('t1', 0, 'running', rounds);
        rounds += 1;
        if (rounds < 10) return setImmediate(update);
        emitter.completeTask('t1');
        process.exit();
      })();`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', program, file]);
    expect(JSON.parse(await readFile(file, 'utf8')).activeTasks).toMatchObject([{ status: 'completed' }]);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(directory.path)).toEqual(['state.json']);
  });

  it('that cannot be written does not stop the work, and has the newest state when it can', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.file('in-the-way'), '');
    const file = directory.file('in-the-way/state.json');
    create({ file }).startTask('t1', 'Hash', ['a']);
    await eventually(() => expect(problems).toHaveLength(1));
    expect(problems[0]).toContain('state.json did not accept the state: ENOTDIR');
    emitter.updateTaskStep('t1', 0, 'running', 40);
    await rm(directory.file('in-the-way'));
    await mkdir(directory.file('in-the-way'));
    await eventually(async () => {
      clock.advance(10_000);
      expect(await readFile(file, 'utf8')).toContain('"progress":40');
    });
  });
});

describe('command files', () => {
  const send = (statePath: string, command: 'cancel' | 'retry', taskId: string, by: Clock) =>
    sendCommandFile({ statePath, command, taskId, clock: by, signal: new AbortController().signal });

  /** The name of the one command file that lies there. */
  const lies = (statePath: string) =>
    eventually(async () => {
      const [name = ''] = await readdir(`${statePath}.commands`);
      expect(name).toMatch(/json$/u);
      return name;
    });

  /** What came of a command whose file lies there, once its sender has given up. */
  async function afterThreeSeconds(sent: ReturnType<typeof send>) {
    let result: Awaited<typeof sent> | null = null;
    void sent.then((answer) => {
      result = answer;
    });
    await eventually(() => {
      clock.advance(3_000);
      expect(result).not.toBeNull();
    });
    return result;
  }

  it('reach the work: cancel aborts its signal, the source reports the end', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('state.json');
    const cancelled: string[] = [];
    const signal = create({ file, clock: systemClock }).startTask('t1', 'Hash', ['a']);
    signal.addEventListener('abort', () => cancelled.push('t1'));
    await emitter.flush();
    const source = createDashboardStateSource({ id: sourceId('s'), path: file, clock: systemClock });
    const view = openView(source);
    await view.live();
    expect(await source.commands.cancel?.('t1', commandContext())).toEqual({ kind: 'sent' });
    await eventually(() => expect(view.statuses()).toEqual({ t1: 'cancelled' }));
    expect(cancelled).toEqual(['t1']);
    await eventually(async () => expect(await readdir(`${file}.commands`)).toEqual([]));
    await view.close();
  });

  it('leave it to the handler how the work ends', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('state.json');
    const asked: string[] = [];
    create({
      file,
      onCancel: (taskId) => void asked.push(`cancel ${taskId}`),
      onRetry: async (taskId) => {
        asked.push(`retry ${taskId}`);
        throw new Error('cannot');
      },
    });
    const signal = emitter.startTask('t1', 'Hash');
    expect(await send(file, 'cancel', 't1', clock)).toEqual({ kind: 'sent' });
    expect(signal.aborted).toBe(true);
    expect(lastTask()?.status).toBe('running');
    emitter.failTask('t1', 'stopped');
    expect(await send(file, 'retry', 't1', clock)).toEqual({ kind: 'sent' });
    expect(asked).toEqual(['cancel t1', 'retry t1']);
    await eventually(() => expect(problems).toEqual(['a command handler failed: cannot']));
  });

  it('pass an answer to whoever asked, and record it in the task', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('state.json');
    const heard: unknown[] = [];
    create({ file, onAnswer: (taskId, { text, by }) => void heard.push([taskId, text, by]) });
    emitter.startTask('t1', 'Deploy');
    emitter.describeTask('t1', { question: { text: 'Where to?', choices: ['staging', 'production'] } });
    const source = createDashboardStateSource({ id: sourceId('state'), path: file, clock });
    const view = openView(source);
    await eventually(() =>
      expect(view.task('t1')).toMatchObject({
        state: { status: 'needs-input', reason: 'Where to?' },
        question: { text: 'Where to?', choices: ['staging', 'production'] },
        offers: [{ command: 'cancel' }, { command: 'answer', choices: ['staging', 'production'] }],
      }),
    );
    const say = async (text: string) =>
      source.commands.answer?.('t1', { ...commandContext(), argument: text }) ??
      expect.fail('no such command');
    expect(await say('staging')).toEqual({ kind: 'sent' });
    expect(heard).toEqual([['t1', 'staging', expect.stringMatching(/@/u)]]);
    await eventually(() => expect(view.task('t1').state.status).toBe('running'));
    expect(view.task('t1')).toMatchObject({
      notes: [{ at: START, text: expect.stringMatching(/^\S+@\S+ answered: staging$/u) }],
    });
    expect(view.task('t1').offers.map(({ command }) => command)).toEqual(['cancel']);
    await view.close();
  });

  it('have no effect if nobody listens, and are withdrawn', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('state.json');
    const sent = send(file, 'cancel', 't1', clock);
    const name = await lies(file);
    expect(name).toMatch(/^1800000000000-[0-9a-f]{16}\.json$/u);
    expect(JSON.parse(await readFile(`${file}.commands/${name}`, 'utf8'))).toEqual({
      id: name.slice(14, -5),
      command: 'cancel',
      taskId: 't1',
      at: START,
      by: expect.stringMatching(/@/u),
    });
    expect(await afterThreeSeconds(sent)).toMatchObject({
      kind: 'refused',
      problem: { kind: 'no-answer', message: `cancel: nobody is listening for commands of ${file}` },
    });
    expect(await readdir(`${file}.commands`)).toEqual([]);
  });

  it('for a retry have no effect if nobody could carry them out', async () => {
    await using directory = await temporaryDirectory();
    const file = directory.file('state.json');
    create({ file }).startTask('t1', 'Hash');
    emitter.failTask('t1', 'x');
    const sent = send(file, 'retry', 't1', clock);
    await lies(file);
    expect(await afterThreeSeconds(sent)).toMatchObject({ kind: 'refused' });
  });

  describe('that are there already', () => {
    let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
    let file: string;
    let asked: string[];
    beforeEach(async () => {
      directory = await temporaryDirectory();
      file = directory.file('state.json');
      asked = [];
      await mkdir(`${file}.commands`);
    });
    afterEach(async () => {
      await emitter.close();
      await directory[Symbol.asyncDispose]();
    });

    const listen = () => {
      create({ file, onCancel: (taskId) => void asked.push(taskId) });
      for (const taskId of ['t1', 't2', 't3']) emitter.startTask(taskId, taskId);
    };
    const put = async (name: string, taskId: string, at?: number) => {
      await writeFile(`${file}.commands/tmp`, JSON.stringify({ command: 'cancel', taskId, at }));
      await rename(`${file}.commands/tmp`, `${file}.commands/${name}`);
    };
    const left = (...names: string[]) =>
      eventually(async () => expect((await readdir(`${file}.commands`)).sort()).toEqual(names));

    it('are taken in order; other files are left alone', async () => {
      await writeFile(`${file}.commands/0-rubbish.json`, '{"command":"explode"}');
      await put('2-b.json', 't2', START);
      await put('1-a.json', 't1', START);
      listen();
      await eventually(() => expect(asked).toEqual(['t1', 't2']));
      await put('3-c.json', 'gone', START);
      await eventually(() => expect(problems).toEqual(['a cancel came for task gone, which is not here']));
      await left('0-rubbish.json');
    });

    it('are dated by the file if they do not say when', async () => {
      clock = createFakeClock(Date.now());
      listen();
      await put('1.json', 't1');
      await eventually(() => expect(asked).toEqual(['t1']));
      await left();
    });

    it('from before the listener are deleted, and not obeyed', async () => {
      await put('1-before.json', 't1', START - 1);
      await put('2-undated.json', 't2');
      await utimes(`${file}.commands/2-undated.json`, START / 1000 - 1, START / 1000 - 1);
      listen();
      await left();
      await put('3-now.json', 't3', START);
      await left();
      expect(asked).toEqual(['t3']);
    });

    it.each([-3_600_000, 3 * 3_600_000, -86_400_000])(
      'are obeyed whatever the clock was set by (%d ms)',
      async (byMs) => {
        listen();
        clock.set(byMs);
        await put('1-now.json', 't1', clock.now());
        await left();
        clock.set(-byMs);
        await put('2-now.json', 't2', clock.now());
        await left();
        expect(asked).toEqual(['t1', 't2']);
      },
    );

    it('from before the listener are not obeyed, though the clock was set back since', async () => {
      await put('1-before.json', 't1', START + 3_600_000);
      listen();
      await left();
      expect(asked).toEqual([]);
    });

    it('without their sender for long are deleted, and not obeyed', async () => {
      listen();
      clock.advance(60_000);
      await put('1-late.json', 't1', START + 54_000);
      await put('2-now.json', 't2', START + 56_000);
      await left();
      expect(asked).toEqual(['t2']);
    });

    it('and are not files are left alone: they hold nothing up, not even the end', async () => {
      execFileSync('mkfifo', [`${file}.commands/1-pipe.json`]);
      await mkdir(`${file}.commands/2-directory.json`);
      await symlink('/dev/zero', `${file}.commands/3-endless.json`);
      await writeFile(`${file}.commands/4-large.json`, '');
      await truncate(`${file}.commands/4-large.json`, 2 ** 31);
      listen();
      await put('5-good.json', 't1', START);
      await left('1-pipe.json', '2-directory.json', '3-endless.json', '4-large.json');
      expect(asked).toEqual(['t1']);
      await emitter.close();
    });
  });
});
