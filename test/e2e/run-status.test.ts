import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM, run } from '../helpers/program.ts';
import { openTerminal, type Terminal } from '../helpers/terminal.ts';

const BARS = { WT_SESSION: 'x', TMUX: undefined, STY: undefined, ZELLIJ: undefined };
const NO_BARS = {
  TERM_PROGRAM: undefined,
  TERM_FEATURES: undefined,
  WT_SESSION: undefined,
  ConEmuANSI: undefined,
  PTYXIS_VERSION: undefined,
  KONSOLE_VERSION: undefined,
  CARGO_TERM_PROGRESS_TERM_INTEGRATION: undefined,
};

let cwd: string;
let terminal: Terminal | null;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'run-status-'));
  terminal = null;
});
afterEach(async () => {
  terminal?.dispose();
  await rm(cwd, { recursive: true, force: true });
});

function runInTerminal(script: string, env: Record<string, string | undefined>): Terminal {
  const args = [PROGRAM, 'run', '--status', '--name', 'T', '--', 'sh', '-c', script];
  terminal = openTerminal(process.execPath, args, {
    cwd,
    env: { ...NO_BARS, ...env, TASKGLASS_HOME: path.join(cwd, '.home') },
  });
  return terminal;
}

/** What the terminal was told in one of the two protocols, without what every report has. */
function toldBy(protocol: '7501' | '9;4', { output }: Terminal): string[] {
  const ended = output.replaceAll('\u001b\\', '\u0007').split(`\u001b]${protocol};`);
  return ended.slice(1).map((part) => (part.split('\u0007')[0] ?? '').replace(':app=sh:title=VA==', ''));
}

const WAITS = 'while ! test -e go; do sleep 0.02; done';
const goOn = () => writeFile(path.join(cwd, 'go'), '');

describe('run --status', () => {
  it('tells a terminal that answers, whose answers nobody else reads', async () => {
    const shown = runInTerminal(
      `stty -echo; echo "30%"; read line; echo "<$line>"; ${WAITS}; exit 3`,
      NO_BARS,
    );
    shown.emulator.parser.registerOscHandler(7501, (payload) => {
      if (payload === '?') shown.type('\u001b]7501;?\u001b\\');
      return true;
    });
    shown.type('typed ahead\r');
    await shown.until('<typed ahead>');
    await eventually(() => expect(toldBy('7501', shown)).toContain('state=working:progress=30'));
    await goOn();
    expect(await shown.exitCode).toBe(3);
    expect(toldBy('7501', shown).at(-1)).toMatch(/^state=error:msg=/u);
    expect(toldBy('9;4', shown)).toEqual([]);
  });

  it('moves the bar of a terminal that has one, but not while the command does, and removes it', async () => {
    const own = String.raw`printf '\033]9;4;1;80\033\\shown'; echo "50%"; ${WAITS}; kill -9 $$`;
    const shown = runInTerminal(`echo "30%"; read line; ${own}`, BARS);
    await eventually(() => expect(toldBy('9;4', shown)).toContain('1;30'));
    shown.type('\r');
    await shown.until('50%');
    await goOn();
    expect(await shown.exitCode).toBe(128 + 9);
    const told = toldBy('9;4', shown);
    expect(told.slice(told.indexOf('1;80'))).toEqual(['1;80', '0;']);
    expect(toldBy('7501', shown)).toEqual(['?']);
  });

  it.each([
    ['that shows nothing of it', NO_BARS],
    ['around a multiplexer', { ...BARS, TMUX: '/tmp/tmux-0/default,1,0' }],
  ])('asks a terminal %s, and tells it nothing', async (_what, env) => {
    const shown = runInTerminal('echo "30%"; echo end', env);
    await shown.exitCode;
    expect(toldBy('7501', shown)).toEqual(['?']);
    expect(toldBy('9;4', shown)).toEqual([]);
  });

  it('writes nothing where there is no terminal', async () => {
    const { stdout, stderr } = await run(['run', '--status', '--', 'echo', '30%'], { cwd, env: BARS });
    expect([stdout, stderr]).toEqual(['30%\n', '']);
  });
});
