import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunHistory } from '../../src/storage/run-history.ts';
import type { RememberedJob } from '../../src/storage/run-history-report.ts';
import { eventually } from '../helpers/eventually.ts';
import { run, start } from '../helpers/program.ts';

const EVALUATOR = path.resolve('../shared/eta/eta-eval.mjs');
const START = Date.UTC(2026, 10, 1);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'history-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const historyFile = () => path.join(cwd, '.home', 'history.db');

async function remembered(): Promise<{ score: object; jobs: RememberedJob[] }> {
  const { stdout } = await run(['config', 'history', '--json'], { cwd });
  return JSON.parse(stdout);
}

/** A build of two steps, begun `at` minutes after the start, as a task of a dashboard state. */
function build(number: number, at: number, status: 'completed' | 'running' = 'completed') {
  const startedAt = START + at * 60_000;
  const isDone = status === 'completed';
  return {
    taskId: `build-${number}`,
    taskName: `Build 1.${number}`,
    status,
    currentStep: isDone ? 1 : 0,
    totalSteps: 2,
    startedAt,
    ...(isDone ? { completedAt: startedAt + 60_000 } : {}),
    steps: [
      {
        index: 0,
        name: 'fetch',
        startedAt,
        ...(isDone ? { status, completedAt: startedAt + 20_000 } : { status }),
      },
      {
        index: 1,
        name: 'compile',
        ...(isDone ? { status, startedAt: startedAt + 20_000, completedAt: startedAt + 60_000 } : {}),
      },
    ],
  };
}

async function writeState(...activeTasks: object[]): Promise<void> {
  await writeFile(
    path.join(cwd, 'state.json'),
    JSON.stringify({ version: 1, timestamp: START, activeTasks }),
  );
}

describe('what has ended is learnt', () => {
  it('by a view, once, however often and by how many it is looked at', async () => {
    await writeState(build(1, 0), build(2, 10), build(3, 20), build(4, 30, 'running'));
    const views = [1, 2, 3].map(() => run(['--once', 'state.json'], { cwd }));
    for (const { code, stderr } of await Promise.all(views)) expect([code, stderr]).toEqual([0, '']);
    await run(['--once', 'state.json'], { cwd });
    expect((await remembered()).jobs).toMatchObject([
      {
        kind: 'dashboard-state',
        name: 'build #',
        steps: ['fetch', 'compile'],
        runs: { completed: 3, failed: 0, cancelled: 0 },
        durationsMs: [60_000, 60_000, 60_000],
      },
    ]);
    expect((await stat(historyFile())).mode & 0o777).toBe(0o600);
  });

  it('by run itself, with nobody watching, and not again by who looks later', async () => {
    const args = ['run', '--name', 'Nightly 7', '--quiet', '--', 'sh', '-c', 'echo 50%; sleep 0.2'];
    await run(args, { cwd });
    await run([...args.slice(0, -1), 'exit 3'], { cwd });
    expect((await remembered()).jobs).toMatchObject([
      { name: 'nightly #', runs: { completed: 1, failed: 1 } },
    ]);
    const { stdout } = await run(['--once', '--plain'], { cwd });
    expect(stdout).toContain('2 tasks: 1 completed, 1 failed');
    expect((await remembered()).jobs).toMatchObject([
      { name: 'nightly #', runs: { completed: 1, failed: 1 } },
    ]);
  });

  it('unless that is not wanted', async () => {
    await writeState(build(1, 0));
    await run(['--once', 'state.json'], { cwd, env: { TASKGLASS_HISTORY: 'false' } });
    expect(existsSync(historyFile())).toBe(false);
    expect(await remembered()).toMatchObject({ score: { foretold: 0, held: 0 }, jobs: [] });
  });
});

describe('config history', () => {
  it('shows a table, and how well the bands have held', async () => {
    await writeState(build(1, 0), build(2, 10));
    await run(['--once', 'state.json'], { cwd });
    const { stdout, code } = await run(['config', 'history'], { cwd, env: { COLUMNS: '' } });
    expect(code).toBe(0);
    expect(stdout).toContain(`file: ${historyFile()}\n`);
    expect(stdout).toMatch(/build # +dashboard-state +2 +2 +1m00s/u);
    expect(stdout).toContain('no estimate has been checked yet\n');
  });

  it('forgets a job by name or number, or all; what had ended by then stays forgotten', async () => {
    await writeState(build(1, 0));
    await run(['--once', 'state.json'], { cwd });
    const { code, stderr } = await run(['config', 'history', '--forget', 'Build #'], { cwd });
    expect([code, stderr]).toEqual([0, 'taskglass: config history: forgot build #\n']);
    await run(['--once', 'state.json'], { cwd });
    expect((await remembered()).jobs).toEqual([]);
    await run(['run', '--name', 'x', '--quiet', '--', 'true'], { cwd });
    expect((await remembered()).jobs).toHaveLength(1);
    expect((await run(['config', 'history', '--forget', '--all'], { cwd })).code).toBe(0);
    expect((await remembered()).jobs).toEqual([]);
  });

  it.each([
    [['--forget'], '--forget: which job? (its number or name, or --forget --all)'],
    [['--all'], '--all only goes with --forget (--forget --all)'],
    [['--forget', 'nothing'], 'no job nothing (taskglass config history lists them, each with its number)'],
  ])('refuses %j', async (options, words) => {
    await writeState(build(1, 0));
    await run(['--once', 'state.json'], { cwd });
    const { code, stderr } = await run(['config', 'history', ...options], { cwd });
    expect([code, stderr]).toEqual([2, `taskglass: config history: ${words}\n`]);
  });

  it('prunes what is older than a year', async () => {
    await writeState(build(1, -600 * 24 * 60), build(2, 0));
    await run(['--once', 'state.json'], { cwd });
    expect((await remembered()).jobs).toMatchObject([{ runs: { completed: 2 } }]);
    const { stderr } = await run(['config', 'history', '--prune'], { cwd });
    expect(stderr).toBe(
      'taskglass: config history: removed 1 run that ended more than a year ago, and 0 jobs\n',
    );
    expect((await remembered()).jobs).toMatchObject([{ runs: { completed: 1 } }]);
  });
});

describe('a history that cannot be read', () => {
  const look = async () => {
    await writeState(build(1, 0));
    return run(['--once', '--json', 'state.json'], { cwd });
  };
  const saysOnce = (stderr: string, words: string) => {
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toContain(`taskglass: ETAs cannot use earlier runs: ${historyFile()} ${words}`);
  };

  it('is no obstacle where it is no database; it is said once, and what mends it works', async () => {
    await mkdir(path.dirname(historyFile()));
    await writeFile(historyFile(), 'once upon a time there was no database, but a long text in its place');
    const { code, stdout, stderr } = await look();
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tasks).toHaveLength(1);
    saysOnce(stderr, 'is not a SQLite database');
    expect(await readFile(historyFile(), 'utf8')).toContain('once upon a time');
    expect((await run(['config', 'history'], { cwd })).code).toBe(2);
    expect((await run(['config', 'history', '--forget', '--all'], { cwd })).code).toBe(0);
    expect((await look()).stderr).toBe('');
    expect((await remembered()).jobs).toHaveLength(1);
  });

  it('is no obstacle where a newer taskglass has made it', async () => {
    await mkdir(path.dirname(historyFile()));
    const history = openRunHistory(historyFile());
    history.database.exec("INSERT INTO migrations VALUES (99, 'of tomorrow')");
    history.close();
    const { code, stderr } = await look();
    expect(code).toBe(0);
    saysOnce(stderr, 'was written by a newer taskglass');
  });

  it('is no obstacle where another program keeps it to itself', async () => {
    await mkdir(path.dirname(historyFile()));
    const history = openRunHistory(historyFile());
    history.database.exec('BEGIN EXCLUSIVE');
    const { code, stderr } = await look();
    history.database.exec('ROLLBACK');
    history.close();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^taskglass: ETAs cannot use earlier runs: another program is blocking .*.*\n$/u);
  });
});

describe('record', () => {
  const traces = async (directory: string) => {
    const names = (await readdir(path.join(cwd, directory))).sort();
    return Promise.all(
      names.map(async (name) => ({
        file: path.join(cwd, directory, name),
        lines: (await readFile(path.join(cwd, directory, name), 'utf8'))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      })),
    );
  };

  it('writes what has completed as traces that the evaluator takes, each once', async () => {
    await writeState(build(1, 0), build(2, 10));
    const args = ['record', 'state.json', '--out', 'traces', '--once'];
    expect((await run(args, { cwd })).code).toBe(0);
    expect((await run(args, { cwd })).stderr).toBe('taskglass: record: 0 traces written to traces\n');
    const written = await traces('traces');
    expect(written).toHaveLength(2);
    const [first] = written.filter(({ lines }) => lines[0].run === 1);
    expect(first?.lines).toEqual([
      expect.objectContaining({ job: 'build #', run: 1, steps: ['fetch', 'compile'] }),
      { t: 0, step: 0, status: 'running' },
      { t: 20_000, step: 0, status: 'completed' },
      { t: 20_000, step: 1, status: 'running' },
      { t: 60_000, step: 1, status: 'completed' },
      { t: 60_000, status: 'completed' },
    ]);
    if (!existsSync(EVALUATOR)) return;
    const { readTrace } = await import(pathToFileURL(EVALUATOR).href);
    for (const { file } of written)
      expect(readTrace(file)).toMatchObject({ job: 'build #', durationMs: 60_000 });
  });

  it('with --anonymous, gives no name away, and still tells jobs and steps apart', async () => {
    await writeState(build(1, 0), build(2, 10));
    await run(['record', 'state.json', '--out', 'traces', '--once', '--anonymous'], { cwd });
    const written = await traces('traces');
    const heads = written.map(({ lines }) => lines[0]);
    expect(new Set(heads.map(({ job }) => job)).size).toBe(1);
    expect(heads[0].job).toMatch(/^job-[0-9a-f]{8}$/u);
    expect(heads[0].steps).toEqual([expect.stringMatching(/^step-/u), expect.stringMatching(/^step-/u)]);
    expect(heads[0].steps[0]).not.toBe(heads[0].steps[1]);
    const everything = JSON.stringify(written.map(({ file, lines }) => [path.basename(file), lines]));
    expect(everything).not.toMatch(/build|fetch|compile|state/iu);
  });

  it('says where it cannot write, and ends with a signal', async () => {
    await writeFile(path.join(cwd, 'occupied'), '');
    await writeState(build(1, 0));
    const { code, stderr } = await run(['record', 'state.json', '--out', 'occupied'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^taskglass: record: occupied: EEXIST/u);
    expect((await run(['record', 'state.json'], { cwd })).stderr).toContain("required option '--out <dir>'");
  });

  it('goes on until it is interrupted, and writes each task as it completes', async () => {
    await writeState(build(1, 0), build(2, 10, 'running'));
    const recording = start(['record', 'state.json', '--out', 'traces'], { cwd });
    const count = () =>
      readdir(path.join(cwd, 'traces')).then(
        (names) => names.filter((n) => n.endsWith('.ndjson')).length,
        () => 0,
      );
    await eventually(async () => expect(await count()).toBe(1));
    await writeState(build(1, 0), build(2, 10));
    await eventually(async () => expect(await count()).toBe(2));
    recording.process.kill('SIGINT');
    const { code, stderr } = await recording.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('taskglass: record: 2 traces written to traces\n');
  });
});
