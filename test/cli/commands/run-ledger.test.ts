import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskTrackingService } from '../../../src/ledger/service.ts';
import { runHere, type Said } from '../../helpers/console.ts';
import { eventually } from '../../helpers/eventually.ts';

let cwd: string;
let ledger: TaskTrackingService;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'run-ledger-'));
  ledger = await TaskTrackingService.open({ path: join(cwd, 'tasks.db') });
});
afterEach(async () => {
  await ledger.close();
  rmSync(cwd, { recursive: true });
});

describe('taskglass run --to a ledger', () => {
  it('is a task, run after run', async () => {
    expect(await run('build', 'echo "Step 1/2 : a"; echo "Step 2/2 : b"')).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect((await ledger.get('build')).status).toMatchObject({ status: 'completed', run: 1, progress: 50 });
    expect(await run('build', 'echo no disk >&2; exit 3')).toMatchObject({ code: 3 });
    expect((await ledger.get('build')).status).toMatchObject({
      status: 'failed',
      run: 2,
      attempt: 1,
      error: 'exit code 3\nno disk',
    });
    expect((await run('build', 'true')).code).toBe(0);
    expect((await ledger.get('build')).status).toMatchObject({ status: 'completed', run: 2, attempt: 2 });
  });

  it('moves the steps that the task has', async () => {
    await ledger.register({ id: 'build', steps: ['a', { name: 'b', weight: 3 }] });
    await run('build', 'echo "Step 1/2 : x"; echo "Step 2/2 : y"; exit 1');
    expect((await ledger.get('build')).status.steps).toMatchObject([
      { name: 'a', status: 'completed' },
      { name: 'b', status: 'failed', weight: 3 },
    ]);
  });

  it('ends where the task is cancelled', async () => {
    const running = run('build', 'sleep 60');
    await eventually(async () => expect((await ledger.get('build')).status.status).toBe('in_progress'));
    await ledger.cancel('build', { reason: 'not needed' });
    expect(await running).toMatchObject({ code: 143, stderr: '' });
    expect((await ledger.get('build')).status).toMatchObject({ status: 'cancelled', error: 'not needed' });
  });

  it('does not count as done where the verification says no', async () => {
    await ledger.register({ id: 'build', verification: `test -e ${cwd}/out` });
    expect(await run('build', 'true')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^taskglass: run: build counts as failed: the verification .* failed: exit code 1\n$/,
      ),
    });
    expect((await ledger.get('build')).status).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/^the verification .* failed: exit code 1$/),
    });
    expect((await run('build', `touch ${cwd}/out`)).code).toBe(0);
    expect((await ledger.get('build')).status).toMatchObject({
      status: 'completed',
      verifiedAt: expect.any(Number),
    });
  });

  it('waits after a failure, with --stay, until the task is reset', async () => {
    const command = `test -e ${cwd}/again`;
    const running = runHere(
      ['run', '--stay', '--to', 'tasks.db', '--name', 'build', '--', 'sh', '-c', command],
      { cwd },
    );
    await eventually(async () => expect((await ledger.get('build')).status.status).toBe('failed'));
    writeFileSync(join(cwd, 'again'), '');
    await ledger.reset('build');
    expect(await running).toMatchObject({ code: 0 });
    expect((await ledger.get('build')).status).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('does not begin where somebody works on it, or what it needs is not done', async () => {
    await ledger.register([{ id: 'a' }, { id: 'b', dependencies: ['a'] }]);
    await ledger.start('a');
    const marker = join(cwd, 'ran');
    expect(await run('a', `touch ${marker}`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^taskglass: run: a is already in_progress \(if nobody works on it: taskglass ledger reset-task a --db .*tasks\.db\)\n$/,
      ),
    });
    expect(await run('b', `touch ${marker}`)).toMatchObject({
      code: 2,
      stderr: 'taskglass: run: b waits for a (complete these first)\n',
    });
    await expect(ledger.history({ task: 'b' })).resolves.toHaveLength(1);
  });

  it('says what is wrong with the database', async () => {
    writeFileSync(join(cwd, 'tasks2.db'), 'no database at all '.repeat(100));
    const { code, stderr } = await runHere(['run', '--to', 'tasks2.db', '--', 'true'], { cwd });
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 2, lines: 2 });
    expect(stderr).toMatch(/^taskglass: run: .*tasks2\.db/);
  });
});

function run(name: string, script: string): Promise<Said> {
  return runHere(['run', '--to', 'tasks.db', '--name', name, '--', 'sh', '-c', script], { cwd });
}
