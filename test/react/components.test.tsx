import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { render as renderTo, Text } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TaskProgress } from '../../src/model/dashboard-state.ts';
import {
  TaskList,
  TaskProgressCard,
  useDashboardStore,
  useHasRunningTasks,
  useTaskCounts,
  useTaskProgress,
  useTasksByStatus,
} from '../../src/react/index.ts';
import { eventually } from '../helpers/eventually.ts';

const RUNNING: TaskProgress = {
  taskId: 't1',
  taskName: 'Nightly\u001b[2J backup',
  status: 'running',
  currentStep: 1,
  totalSteps: 4,
  steps: [
    { index: 0, name: 'dump', status: 'completed' },
    { index: 1, name: 'compress', status: 'running', progress: 50 },
    { index: 2, name: 'encrypt', status: 'pending' },
    { index: 3, name: 'send', status: 'pending' },
  ],
};
const FAILED: TaskProgress = { ...RUNNING, taskId: 't2', status: 'failed', error: 'disk full' };

const plain = (frame: string | undefined) => stripVTControlCharacters(frame ?? '');

afterEach(() => {
  cleanup();
  useDashboardStore.getState().reset();
});

describe('TaskProgressCard', () => {
  it('shows name, overall progress and steps, and nothing that moves the cursor', () => {
    const { lastFrame } = render(<TaskProgressCard task={RUNNING} />);
    expect(plain(lastFrame())).toBe(
      [
        '⠙ Nightly backup',
        '  ━━━━━━━━━─────────────── 37%',
        '  ✓ dump',
        '  ⠙ compress 50%',
        '  ○ encrypt',
        '  ○ send',
      ].join('\n'),
    );
  });

  it('shows no figure of a step that has none', () => {
    const odd = { index: 1, name: 'compress', status: 'running', progress: Number.NaN } as const;
    const { lastFrame } = render(<TaskProgressCard task={{ ...RUNNING, steps: [odd] }} />);
    expect(plain(lastFrame())).toContain('  ⠙ compress');
    expect(plain(lastFrame())).not.toContain('NaN');
  });

  it('is only shown where there is no terminal to read keys from', async () => {
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    const app = renderTo(<TaskProgressCard task={RUNNING} onCancel={() => {}} />, {
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: stdout as unknown as NodeJS.WriteStream,
      patchConsole: false,
    });
    const ended = app.waitUntilExit();
    app.unmount();
    await ended;
    expect(plain(String(stdout.read()))).toContain('Nightly backup');
  });

  it('can leave out the steps, and says why a task failed', () => {
    const { lastFrame } = render(<TaskProgressCard task={FAILED} showSteps={false} />);
    expect(plain(lastFrame())).toContain('✗ Nightly backup');
    expect(plain(lastFrame())).toContain('disk full');
    expect(plain(lastFrame())).not.toContain('dump');
  });

  it('asks for cancel while the task runs, and for dismiss once it has ended, when it has the focus', async () => {
    const onCancel = vi.fn();
    const onDismiss = vi.fn();
    const { stdin, rerender, lastFrame } = render(
      <TaskProgressCard task={RUNNING} onCancel={onCancel} onDismiss={onDismiss} />,
    );
    stdin.write('c');
    stdin.write('\t');
    await eventually(() => expect(plain(lastFrame())).toContain('c cancel'));
    stdin.write('d');
    stdin.write('c');
    await eventually(() => expect(onCancel).toHaveBeenCalledExactlyOnceWith('t1'));

    rerender(
      <TaskProgressCard
        task={{ ...RUNNING, status: 'completed' }}
        onCancel={onCancel}
        onDismiss={onDismiss}
      />,
    );
    await eventually(() => expect(plain(lastFrame())).toContain('d dismiss'));
    stdin.write('d');
    await eventually(() => expect(onDismiss).toHaveBeenCalledExactlyOnceWith('t1'));
    expect(onCancel).toHaveBeenCalledOnce();
  });

  it.each([
    ['a reply of the terminal, cut', ['\u001b]11;rgb:', 'c', 'c1c/1e1e\u0007']],
    ['an arrow of rxvt, cut', ['\u001b', '[', 'c']],
    ['an arrow of rxvt with Ctrl, cut', ['\u001b', 'O', 'c']],
    ['a paste, marked', ['\u001b[200~', 'c', '\u001b[201~']],
    ['a paste', ['cance', 'c']],
    ['a mouse report', ['\u001b[M', 'c', 'c', 'c']],
    ['a key let go', ['\u001b[99;1:3u']],
  ])('takes %s for no key', async (_what, pieces) => {
    const onCancel = vi.fn();
    const { stdin, lastFrame } = render(<TaskProgressCard task={RUNNING} onCancel={onCancel} />);
    stdin.write('\t');
    await eventually(() => expect(plain(lastFrame())).toContain('c cancel'));
    for (const piece of pieces) {
      stdin.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 40)); // the slow line itself: Ink waits 20 ms
    }
    expect(onCancel).not.toHaveBeenCalled();
  });

  it('leaves the input to others once Ink reads none', async () => {
    const stdin = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: () => {},
      ref: () => {},
      unref: () => {},
    });
    const app = renderTo(<TaskProgressCard task={RUNNING} onCancel={() => {}} />, {
      stdin: stdin as unknown as NodeJS.ReadStream,
      stdout: new PassThrough() as unknown as NodeJS.WriteStream,
      patchConsole: false,
    });
    await eventually(() => expect(stdin.listenerCount('data')).toBe(1));
    const ended = app.waitUntilExit();
    app.unmount();
    await ended;
    expect(stdin.listenerCount('data')).toBe(0);
    expect(stdin.listenerCount('newListener')).toBe(0);
    expect(stdin.readableFlowing).not.toBe(true);
  });
});

function Probe() {
  const counts = useTaskCounts();
  const failed = useTasksByStatus('failed').map(({ taskId }) => taskId);
  const name = useTaskProgress('t2')?.taskId ?? 'none';
  return <Text>{JSON.stringify({ counts, failed, name, running: useHasRunningTasks() })}</Text>;
}

describe('TaskList and the hooks', () => {
  it('follow the store', async () => {
    const list = render(<TaskList empty="nothing to do" />);
    expect(plain(list.lastFrame())).toBe('nothing to do');
    const probe = render(<Probe />);
    useDashboardStore.getState().setActiveTasks([RUNNING, FAILED]);
    await eventually(() => expect(plain(list.lastFrame())).toContain('disk full'));
    expect(JSON.parse(plain(probe.lastFrame()).replaceAll('\n', ''))).toEqual({
      counts: { total: 2, pending: 0, running: 1, completed: 0, failed: 1, cancelled: 0 },
      failed: ['t2'],
      name: 't2',
      running: true,
    });
  });
});
