import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleScreen } from '../helpers/bundle-screen.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let program = '';
let terminal: Terminal;

beforeAll(async () => {
  directory = await temporaryDirectory();
  program = await bundleScreen(directory.path);
});
afterAll(() => directory[Symbol.asyncDispose]());
afterEach(() => terminal.dispose());

/** Runs the screen between two looks at the terminal's settings, and says what became of them. */
function openBetweenLooks(options: object = {}, before = '') {
  const looks = mkdtempSync(directory.file('stty-'));
  const script = `stty -a > before; ${before} "${process.execPath}" "${program}" '${JSON.stringify(options)}'; echo "code $?"; stty -a > after; echo looked`;
  terminal = openTerminal('/bin/sh', ['-c', script], { cwd: looks, cols: 80, rows: 24 });
  return {
    settings: (when: 'before' | 'after') => readFileSync(join(looks, when), 'utf8'),
    isRestored: () => terminal.until('looked'),
  };
}

/** The shell reads what is typed, and has set its modes. */
const AT_PROMPT = /prompt>$/u;

/** The alternate screen left, the cursor shown, no mode left behind. */
function expectRestored(settings: (when: 'before' | 'after') => string) {
  expect(settings('after')).toBe(settings('before'));
  expect(terminal.emulator.buffer.active.type).toBe('normal');
  expect(terminal.output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(
    terminal.output.lastIndexOf('\u001b[?25l'),
  );
  expect(terminal.emulator.modes).toMatchObject({
    bracketedPasteMode: false,
    mouseTrackingMode: 'none',
    applicationCursorKeysMode: false,
    synchronizedOutputMode: false,
    wraparoundMode: true,
  });
}

/** The screen's own process, the shell's child. */
function programPid(): number {
  return Number(readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, 'utf8').trim());
}

describe.runIf(process.platform === 'linux')('leaving', () => {
  it('by q leaves the last state in the scrollback', async () => {
    const look = openBetweenLooks();
    await terminal.until('Nightly backup');
    expect(terminal.emulator.buffer.active.type).toBe('alternate');
    expect(terminal.emulator.modes).toMatchObject({ bracketedPasteMode: true, wraparoundMode: false });
    terminal.type('q');
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toContain('✗ Nightly backup');
    expect(terminal.screen()).toContain('ended by quit');
    expect(terminal.screen()).not.toContain('q quit');
  });

  it.each([
    ['q', () => terminal.type('q')],
    ['Ctrl-C', () => terminal.type('\u0003')],
    ['SIGHUP', () => process.kill(programPid(), 'SIGHUP')],
  ])('what was drawn in place, by %s, keeps what stood above it', async (_how, leave) => {
    const look = openBetweenLooks({ app: { inlineRows: 6 } }, 'echo above;');
    await terminal.until(/above\n.*Nightly backup/su);
    expect(terminal.emulator.buffer.active.type).toBe('normal');
    expect(terminal.screen().trimEnd().split('\n')).toHaveLength(7);
    terminal.resize(60, 12);
    await terminal.until((screen) => /^above\n/u.test(screen) && screen.split('above').length === 2);
    terminal.resize(80, 24);
    leave();
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toMatch(/^above\n/u);
    expect(terminal.screen()).not.toContain('q quit');
  });

  it('by Ctrl-C', async () => {
    const look = openBetweenLooks();
    await terminal.until('Nightly backup');
    terminal.type('\u0003');
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toContain('ended by SIGINT');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s', async (signal) => {
    const look = openBetweenLooks();
    await terminal.until('Nightly backup');
    process.kill(programPid(), signal);
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toContain(`ended by ${signal}`);
  });

  it('by SIGHUP', async () => {
    const look = openBetweenLooks();
    await terminal.until('Nightly backup');
    process.kill(programPid(), 'SIGHUP');
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toContain('ended by SIGHUP');
  });

  it.each(['SIGQUIT', 'SIGUSR2', 'SIGALRM'] as const)('by %s, which ends a program', async (signal) => {
    const look = openBetweenLooks();
    await terminal.until('Nightly backup');
    process.kill(programPid(), signal);
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toMatch(/code 1[2-9]\d/u);
  });

  it('by a crash, with its report on the screen that stays', async () => {
    const look = openBetweenLooks({ crashAfterMs: 500 });
    await look.isRestored();
    expectRestored(look.settings);
    expect(terminal.screen()).toContain('a crash on purpose');
    expect(terminal.screen()).toContain('code 1');
  });

  it('by the loss of the terminal: no process stays', async () => {
    const script = `"${process.execPath}" "${program}" '{}' & echo $! > pid; wait`;
    terminal = openTerminal('/bin/bash', ['-c', script], { cwd: directory.path, cols: 80, rows: 24 });
    await terminal.until('Nightly backup');
    const pid = Number(readFileSync(directory.file('pid'), 'utf8'));
    terminal.dispose();
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('stopping and going on', () => {
  it('by Ctrl-Z and fg', async () => {
    await openShell();
    terminal.type(`'${process.execPath}' '${program}'\r`);
    await terminal.until('Nightly backup');
    terminal.type('j');
    await terminal.until(/› ✗ Nightly backup/u);

    terminal.type('\u001a');
    await terminal.until(AT_PROMPT);
    expect(terminal.screen()).toContain('Stopped');
    expect(terminal.emulator.buffer.active.type).toBe('normal');
    expect(terminal.emulator.modes).toMatchObject({ bracketedPasteMode: true, wraparoundMode: true }); // bash's own
    terminal.type('stty -a | grep -c -- -icanon; echo cooked\r');
    await terminal.until(/^0\n.*cooked|0\s+cooked/mu);

    terminal.type('fg\r');
    await terminal.until(/› ✗ Nightly backup/u);
    expect(terminal.emulator.buffer.active.type).toBe('alternate');
    expect(terminal.emulator.modes).toMatchObject({ bracketedPasteMode: true, wraparoundMode: false });
    terminal.type('k');
    await terminal.until(/› \? Which licence/u);
    terminal.type('q');
    await terminal.until('ended by quit');
  });

  it('by SIGTSTP from outside', async () => {
    await openShell();
    terminal.type(`'${process.execPath}' '${program}'\r`);
    await terminal.until('Nightly backup');
    process.kill(programPid(), 'SIGTSTP');
    await terminal.until(/Stopped/u);
    expect(terminal.emulator.buffer.active.type).toBe('normal');
    terminal.type('fg\r');
    await terminal.until(/› \? Which licence/u);
    terminal.type('q');
    await terminal.until('ended by quit');
  });

  it('by SIGSTOP, which nobody hears coming', async () => {
    await openShell();
    terminal.type(`'${process.execPath}' '${program}'\r`);
    await terminal.until('Nightly backup');
    process.kill(programPid(), 'SIGSTOP');
    await terminal.until(/Stopped/u);
    terminal.type('fg\r');
    await terminal.until((screen) => screen.includes('› ? Which licence') && !screen.includes('Stopped'));
    terminal.type('j');
    await terminal.until(/› ✗ Nightly backup/u);
    terminal.type('q');
    await terminal.until('ended by quit');
  });

  it('goes on by itself where nobody could continue it', async () => {
    terminal = openTerminal(process.execPath, [program], { cols: 80, rows: 24 });
    await terminal.until('Nightly backup');
    terminal.type('\u001a');
    terminal.type('j');
    await terminal.until(/› ✗ Nightly backup/u);
    terminal.type('q');
    expect(await terminal.exitCode).toBe(0);
  });

  async function openShell() {
    terminal = openTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], {
      cols: 80,
      rows: 24,
      env: { PS1: 'prompt> ' },
    });
    await terminal.until(AT_PROMPT);
  }
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
