import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { run } from '../helpers/program.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'again-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const tasks = async () => JSON.parse((await run(['--once', '--json'], { cwd })).stdout).tasks;

describe('taskglass run', () => {
  it('runs what has failed again, as a run of its own in the same directory', async () => {
    const script = 'test "$1" = "a  b" && test -e fixed && pwd > where';
    const words = ['sh', '-c', script, 'sh', 'a  b'];
    expect(
      await run(['run', '--name', 'Deploy', '--', ...words], { cwd, env: { REGION: 'eu' } }),
    ).toMatchObject({
      code: 1,
    });
    await writeFile(path.join(cwd, 'fixed'), '');
    const [failed] = await tasks();
    expect(failed.commands).toContain('retry');
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'elsewhere-'));
    const env = { TASKGLASS_HOME: path.join(cwd, '.home') };
    const sent = await run(['send', 'retry', failed.nativeId], { cwd: elsewhere, env });
    expect(sent).toMatchObject({ code: 0 });
    await rm(elsewhere, { recursive: true });

    await eventually(async () => expect(await readdir(cwd)).toContain('where'));
    const after = await eventually(async () => {
      const listed = await tasks();
      expect(listed.map((task: { status: string }) => task.status).sort()).toEqual(['completed', 'failed']);
      return listed;
    });
    const again = after.find((task: { status: string }) => task.status === 'completed');
    expect(again).toMatchObject({ name: 'Deploy', retryOf: failed.id, cwd });
    const first = after.find((task: { status: string }) => task.status === 'failed');
    expect(first).toMatchObject({ retriedAs: again.id });
    // It was run again: once is enough.
    expect(first.commands).not.toContain('retry');
    expect(await run(['send', 'retry', failed.nativeId], { cwd, env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`it was already started again, as ${again.nativeId}`),
    });
    const { stdout } = await run(['logs', again.nativeId], { cwd });
    expect(stdout).toMatch(/set when it ran before, but not now:.* REGION/u);
  });

  it('is started again once where several ask for it at the same time, and the others are told', async () => {
    await run(['run', '--', 'sh', '-c', 'echo x >> starts; exit 3'], { cwd });
    const [failed] = await tasks();
    const sent = await Promise.all(
      Array.from({ length: 4 }, () => run(['send', 'retry', failed.nativeId], { cwd })),
    );
    const refusals = sent.filter(({ code }) => code === 1);
    expect(sent.filter(({ code }) => code === 0)).toHaveLength(4 - refusals.length);
    for (const { stderr } of refusals) expect(stderr).toMatch(/retry: .*again/u);
    await eventually(async () => expect(await tasks()).toHaveLength(2));
    await eventually(async () =>
      expect((await tasks()).map(({ status }: { status: string }) => status)).toEqual(['failed', 'failed']),
    );
    expect((await readFile(path.join(cwd, 'starts'), 'utf8')).split('\n')).toHaveLength(3);
    const runs = await readdir(path.join(cwd, '.home', 'runs'));
    expect(runs.filter((name) => name.endsWith('.again'))).toEqual([]);
  });

  it.each([
    ['others may have written', (record: string) => chmod(record, 0o602), false],
    ['says nothing', (record: string) => writeFile(record, '{}'), true],
  ])('does not run again what %s', async (_what, change, isOffered) => {
    await run(['run', '--', 'sh', '-c', 'exit 3'], { cwd });
    const runs = path.join(cwd, '.home', 'runs');
    const record = (await readdir(runs)).find((name) => name.endsWith('.run')) ?? '';
    await change(path.join(runs, record));
    const [failed] = await tasks();
    expect(failed.commands.includes('retry')).toBe(isOffered);
    expect(await run(['send', 'retry', failed.nativeId], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^taskglass: retry: /u),
    });
    expect(await tasks()).toHaveLength(1);
  });

  it('continues without its terminal, and prints its id', async () => {
    const script = 'echo begun; while ! test -e go; do sleep 0.02; done; env > seen; exit 3';
    const { code, stdout } = await run(['run', '--detach', '--', 'sh', '-c', script], { cwd });
    const id = stdout.trim();
    expect(code).toBe(0);
    expect(await tasks()).toMatchObject([{ nativeId: id, status: 'running' }]);
    await writeFile(path.join(cwd, 'go'), '');
    expect(await run(['wait', id], { cwd })).toMatchObject({ code: 4 });
    expect((await run(['logs', id], { cwd })).stdout).toBe('begun\n');
  });

  it('keeps no output if it was told so, on its own or run again', async () => {
    const script = 'printf hid; printf "den 40 percent\\n"; exit 3';
    const options = ['--no-log', '--progress-pattern', '(\\d+) percent'];
    const first = await run(['run', '--detach', ...options, '--', 'sh', '-c', script], { cwd });
    expect(await run(['wait', first.stdout.trim()], { cwd })).toMatchObject({ code: 4 });
    await run(['send', 'retry', first.stdout.trim()], { cwd });
    const listed = await eventually(async () => {
      const listed = await tasks();
      expect(listed.map((task: { status: string }) => task.status)).toEqual(['failed', 'failed']);
      return listed;
    });
    expect(listed.map((task: { progress: number }) => task.progress)).toEqual([40, 40]);
    for (const { nativeId } of listed)
      expect((await run(['logs', nativeId], { cwd })).stdout).not.toContain('hidden');
    expect(listed.map((task: { error: string }) => task.error)).toEqual(['exit code 3', 'exit code 3']);
  });

  it('does not detach what is refused, and says why', async () => {
    const refused = await run(['run', '--detach', '--to', 'x.txt', '--', 'true'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^taskglass: run: --to x\.txt is not a target .*\n$/u);
  });

  it('says how to run what only a shell understands', async () => {
    const { code, stderr } = await run(['run', '--', 'true && false'], { cwd });
    expect(code).toBe(127);
    expect(stderr).toContain("taskglass run -- sh -c 'true && false'");
  });
});
