import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { runCommand } from '../../src/ledger/run-command.ts';
import { eventually } from '../helpers/eventually.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';
import { isAlive } from '../helpers/processes.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';

const run = (
  command: string | readonly string[],
  timeoutMs = 30_000,
  cwd: string | null = null,
  clock: Clock = systemClock,
) => runCommand({ name: null, command, cwd, timeoutMs }, process.env, { clock });

describe('a command', () => {
  test('that goes well, badly, or cannot be started', async () => {
    expect(await run('echo out; echo err >&2')).toMatchObject({ ok: true, reason: null, output: 'out\nerr' });
    expect(await run('exit 3')).toMatchObject({ ok: false, reason: 'exit code 3', output: null });
    expect(await run('kill -9 $$')).toMatchObject({ ok: false, reason: 'it was ended by SIGKILL' });
    const missing = await run(['no-such-program-anywhere']);
    expect(missing).toMatchObject({ ok: false, reason: expect.stringContaining('it could not be started') });
    expect(await run([])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('could not be started'),
    });
    expect(await run('echo \0')).toMatchObject({ ok: false, output: null });
    expect(await run('true', 30_000, '/no/such/directory')).toMatchObject({
      ok: false,
      reason: 'it could not be started: there is no directory /no/such/directory',
    });
  });

  test('runs where it was told to, without a shell where it is a list', async () => {
    await using directory = await temporaryDirectory();
    expect(await run('pwd', 30_000, directory.path)).toMatchObject({ output: directory.path });
    expect(await run(['echo', '$HOME; no'])).toMatchObject({ output: '$HOME; no' });
  });

  test('gets none of our keys', async () => {
    const action = { name: null, command: 'env', cwd: null, timeoutMs: 30_000 };
    const env = { ...process.env, TASKGLASS_NSEC: 'nsec1secret', TASKGLASS_TOKEN: 'token' };
    const { output } = await runCommand(action, env, { clock: systemClock });
    expect(output).toContain('PATH=');
    expect(output).not.toContain('nsec1secret');
    expect(output).not.toContain('TASKGLASS_TOKEN');
  });

  test('that hangs is ended at its limit, with all its children', async () => {
    await using directory = await temporaryDirectory();
    const pids = directory.file('pids');
    const outcome = await run(
      `trap '' TERM; (trap '' TERM; sleep 600 & echo $! > ${pids}; wait; wait) & wait; wait`,
      2_500,
      null,
      hurriedClock,
    );
    expect(outcome).toMatchObject({ ok: false, reason: 'it did not end within 2.5 s' });
    const child = Number(readFileSync(pids, 'utf8'));
    await eventually(() => expect(isAlive(child)).toBe(false));
  });

  test.each([
    ['/dev/stderr', 'echo x > /dev/stderr && echo y > /dev/stdout'],
    ['the descriptors', 'echo x > /proc/self/fd/2 && echo y > /proc/self/fd/1'],
    ['a command in it', 'echo x | tee /dev/stderr > /dev/null && echo y'],
  ])('that opens its outputs by name (%s)', async (_what, command) => {
    expect(await run(command)).toMatchObject({ ok: true, output: 'x\ny' });
  });

  test('is told in the order in which it printed, to either output', async () => {
    const { output } = await run('for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done');
    expect(output).toBe([1, 2, 3, 4, 5].map((i) => `out ${i}\nerr ${i}`).join('\n'));
  });

  test('ends with us, even where we are killed', async () => {
    await using directory = await temporaryDirectory();
    const pids = directory.file('pids');
    // What is printed in a later turn than that in which the command was started: its guard knows of it by then.
    const program = `
      import { existsSync } from 'node:fs';
      import { systemClock } from '${new URL('../../src/clock.ts', import.meta.url)}';
      import { runCommand } from '${new URL('../../src/ledger/run-command.ts', import.meta.url)}';
      const command = "trap '' TERM HUP; echo $$ > ${pids}; sleep 600; sleep 600";
      setInterval(() => existsSync('${pids}') && console.log('started'), 10);
      await runCommand({ name: null, command, cwd: null, timeoutMs: 600000 }, process.env, { clock: systemClock });`;
    const us = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(us.stdout, 'data');
    const child = await eventually(() => {
      const pid = Number(readFileSync(pids, 'utf8'));
      expect(pid).toBeGreaterThan(0); // the file is there before its line is, and 0 would be our own group
      expect(isAlive(pid)).toBe(true);
      return pid;
    });
    us.kill('SIGKILL');
    await eventually(() => expect(isAlive(child)).toBe(false));
  });

  test('that prints 100 MB is read to its end; its first and last lines are kept', async () => {
    const outcome = await run('echo first; head -c 100000000 /dev/zero | tr "\\0" x; echo; echo last');
    expect(outcome.ok).toBe(true);
    expect(outcome.output).toMatch(/^first\nx+\n\[\d{8} bytes left out\]\nx+\nlast$/u);
    expect(outcome.output?.length).toBeLessThan(60_000);
  });

  test('that leaves somebody behind who holds its output does not hold us up, and nobody stays', async () => {
    await using directory = await temporaryDirectory();
    const pids = directory.file('pids');
    const outcome = await run(`sleep 600 & echo $! > ${pids}; echo done`);
    expect(outcome).toMatchObject({ ok: true, output: 'done' });
    expect(outcome.durationMs).toBeLessThan(20_000);
    const child = Number(readFileSync(pids, 'utf8'));
    await eventually(() => expect(isAlive(child)).toBe(false));
  });

  test('prints what no terminal should see', async () => {
    const { output } = await run("printf '\\033[31mred\\033[0m \\377\\n'");
    expect(output).toBe('red \ufffd');
  });
});
