import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.ts';
import { PROGRAM } from '../helpers/program.ts';
import { temporaryDirectory } from '../helpers/temporary-directory.ts';
import { openTerminal, type Terminal, type TerminalOptions } from '../helpers/terminal.ts';

const execute = promisify(execFile);
const FOCUS = { on: '\u001b[?1004h', off: '\u001b[?1004l' };
const TITLE = { saved: '\u001b[22;2t', restored: '\u001b[23;2t' };

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const terminals: Terminal[] = [];
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.dispose();
});

let home: string;
let count = 0;
beforeEach(async () => {
  count += 1;
  home = directory.file(`home-${count}`);
  await mkdir(home);
  await setTask('in_progress');
});

/** Writes the state file of one task, as an agent's emitter does. */
async function setTask(status: string, name = 'Deploy;\u0007 the door'): Promise<void> {
  const task = {
    taskId: 'deploy',
    taskName: name,
    status,
    currentStep: 'go',
    progress: 40,
    steps: [{ name: 'go', status: status === 'failed' ? 'failed' : 'in_progress', progress: 40 }],
  };
  const state = { activeTasks: [{ ...task, startTime: new Date().toISOString() }], recentCompletions: [] };
  await writeFile(`${home}/state.json.new`, JSON.stringify(state));
  await rename(`${home}/state.json.new`, `${home}/state.json`);
}

const environment = (more: Record<string, string | undefined> = {}) => ({
  HOME: home,
  TASKGLASS_HOME: `${home}/.taskglass`,
  TERM_PROGRAM: undefined,
  VTE_VERSION: undefined,
  TMUX: undefined,
  STY: undefined,
  ...more,
});

function openView(how: readonly string[], options: TerminalOptions = {}): Terminal {
  const args = ['state.json', '--notify-after', '0', ...how.flatMap((each) => ['--notify', each])];
  // A pseudo-terminal has a TERM of its own.
  const term = options.env?.TERM ?? 'xterm-256color';
  const terminal = openTerminal('/usr/bin/env', [`TERM=${term}`, process.execPath, PROGRAM, ...args], {
    cwd: home,
    cols: 100,
    rows: 24,
    ...options,
    env: environment(options.env),
  });
  terminals.push(terminal);
  return terminal;
}

const shows = (terminal: Terminal) => terminal.until(/1 running.*Deploy.*40%/su);
/** Waits longer than a notification takes that is not put off. */
const passed = () => new Promise((resolve) => setTimeout(resolve, 500));
const writes = (terminal: Terminal, text: string) =>
  eventually(() => expect(terminal.output).toContain(text));

describe('what is set in the terminal', () => {
  const EVERYTHING = ['bell', 'osc:9', 'title', 'progress'];

  /** Whatever was turned on was turned off after that, and nothing is left in the title or the bar. */
  function expectTakenBack({ output }: Terminal): void {
    for (const [on, off] of [
      [FOCUS.on, FOCUS.off],
      [TITLE.saved, TITLE.restored],
      ['\u001b]9;4;1;', '\u001b]9;4;0;'],
    ] as const) {
      expect(output).toContain(on);
      expect(output.lastIndexOf(off)).toBeGreaterThan(output.lastIndexOf(on));
    }
  }

  it.each([
    ['q', (terminal: Terminal) => terminal.type('q'), 0],
    ['Ctrl-C', (terminal: Terminal) => terminal.type('\u0003'), 130],
    ['SIGTERM', (terminal: Terminal) => process.kill(terminal.pid, 'SIGTERM'), 143],
    ['SIGHUP', (terminal: Terminal) => process.kill(terminal.pid, 'SIGHUP'), 129],
  ])('is taken back by %s', async (_what, leave, code) => {
    const terminal = openView(EVERYTHING);
    await shows(terminal);
    await writes(terminal, '\u001b]9;4;1;40');
    await writes(terminal, '\u001b]2;⠋1 taskglass\u0007');
    leave(terminal);
    expect(await terminal.exitCode).toBe(code);
    expectTakenBack(terminal);
  });

  it('is taken back while it is stopped, and set again', async () => {
    const terminal = openTerminal('/bin/bash', ['--norc', '--noprofile', '-i'], {
      cwd: home,
      env: environment({ PS1: 'prompt>' }),
    });
    terminals.push(terminal);
    await terminal.until('prompt>');
    const how = EVERYTHING.map((each) => `--notify ${each}`).join(' ');
    terminal.type(`'${process.execPath}' '${PROGRAM}' state.json ${how}\r`);
    await shows(terminal);
    await writes(terminal, '\u001b]9;4;1;40');
    terminal.type('\u001a');
    await terminal.until('Stopped');
    expectTakenBack(terminal);
    const from = terminal.output.length;
    terminal.type('fg\r');
    await eventually(() => expect(terminal.output.slice(from)).toContain(FOCUS.on));
    await eventually(() => expect(terminal.output.slice(from)).toContain('\u001b]9;4;1;40'));
    await shows(terminal);
    terminal.type('q');
    await terminal.until(/prompt>$/u);
    expectTakenBack(terminal);
  });

  it('is nothing where nobody is to be notified, and no focus where nothing is told', async () => {
    const silent = openView([]);
    await shows(silent);
    silent.type('q');
    await silent.exitCode;
    const showing = openView(['title']);
    await shows(showing);
    showing.type('q');
    await showing.exitCode;
    for (const { output } of [silent, showing]) expect(output).not.toContain('1004');
    for (const each of [...Object.values(TITLE), '\u001b]9;']) expect(silent.output).not.toContain(each);
  });

  it('is nothing that a terminal would show as text', async () => {
    const terminal = openView(EVERYTHING, { env: { TERM: 'linux' } });
    await shows(terminal);
    await setTask('failed');
    await terminal.until('standard output is not a terminal that supports this');
    for (const each of ['\u001b]', ...Object.values({ ...FOCUS, ...TITLE })])
      expect(terminal.output).not.toContain(each);
  });
});

describe('a notification in a terminal', () => {
  it.each([
    ['iTerm2', { TERM_PROGRAM: 'iTerm.app' }, '\u001b]9;Deploy, the door failed: state.json\u0007'],
    ['WezTerm', { TERM_PROGRAM: 'WezTerm' }, '\u001b]777;notify;Deploy, the door failed;state.json\u0007'],
    ['kitty', { TERM: 'xterm-kitty' }, `;${Buffer.from('Deploy, the door failed').toString('base64')}\u0007`],
    ['one that tells nothing', {}, '\u001b]9;Deploy, the door failed: state.json\u0007'],
    [
      'one in screen',
      { STY: '1.x', TERM: 'screen' },
      '\u001bP\u001b]9;Deploy, the door failed: state.json\u0007\u001b\\',
    ],
  ])('comes as %s has it', async (_what, env, sequence) => {
    const terminal = openView(['osc'], { env });
    await shows(terminal);
    await setTask('failed');
    await writes(terminal, sequence);
  });

  it('does not come while the terminal says that it has the focus, and comes once that is lost', async () => {
    const terminal = openView(['osc:9', 'bell=failed']);
    await shows(terminal);
    terminal.type('\u001b[I');
    await setTask('failed');
    await terminal.until('✗ Deploy');
    await passed();
    terminal.type('\u001b[O');
    await setTask('in_progress');
    await shows(terminal);
    await setTask('failed', 'Second');
    await writes(terminal, '\u001b]9;Second failed');
    expect(terminal.output).not.toContain('Deploy, the door failed');
  });

  it('does not come of what M has muted, in this view and in the next', async () => {
    const first = openView(['osc:9']);
    await shows(first);
    first.type('M');
    await first.until('muted Deploy; the door');
    first.type('\r');
    await first.until(/40%.*· muted/u);
    first.type('q');
    await first.exitCode;
    const { muted } = JSON.parse(await readFile(`${home}/.taskglass/muted.json`, 'utf8'));
    expect(muted).toEqual([expect.stringContaining('deploy')]);
    const second = openView(['osc:9']);
    await shows(second);
    second.type('\r');
    await second.until(/40%.*· muted/u);
    second.type('\r');
    await shows(second);
    second.type('\u001b[O');
    await setTask('failed');
    await second.until('✗ Deploy');
    await passed();
    second.type('M');
    await second.until('are on again');
    second.type('\u001b[O');
    await setTask('in_progress');
    await shows(second);
    await setTask('failed', 'Third');
    await writes(second, '\u001b]9;Third failed');
    expect(second.output).not.toContain('Deploy, the door failed');
  });

  it('comes from one of two views', async () => {
    const views = [openView(['osc:9']), openView(['osc:9'])];
    for (const view of views) await shows(view);
    await setTask('failed');
    for (const view of views) await view.until('✗ Deploy');
    await eventually(() => expect(views.map(notified).join('')).toContain('failed'));
    await passed();
    expect(views.map(notified).filter(Boolean)).toHaveLength(1);
  });
});

const notified = ({ output }: Terminal) =>
  output
    .split('\u001b]9;')
    .find((each) => /^[A-Z]/u.test(each))
    ?.split('\u0007')[0] ?? '';

describe('in tmux', async () => {
  const version = await execute('tmux', ['-V']).then(
    ({ stdout }) => Number(/[\d.]+/u.exec(stdout)?.[0]),
    () => 0,
  );

  /** A client of a tmux of its own, in a terminal that shows what reaches it. */
  async function openInTmux(passthrough: 'on' | 'off'): Promise<Terminal> {
    const config = `${home}/tmux.conf`;
    await writeFile(
      config,
      `set -g allow-passthrough ${passthrough}\nset -g focus-events on\nset -g status off\n`,
    );
    const program = `'${process.execPath}' '${PROGRAM}' state.json --notify osc:9 --notify-after 0`;
    const terminal = openTerminal('tmux', ['-S', `${home}/tmux`, '-f', config, 'new-session', program], {
      cwd: home,
      env: environment({ TMUX_TMPDIR: home }),
    });
    terminals.push(terminal);
    await shows(terminal);
    terminal.type('\u001b[O'); // tmux has begun by saying that it has the focus
    return terminal;
  }
  afterEach(() => execute('tmux', ['-S', `${home}/tmux`, 'kill-server']).catch(() => {}));

  it.runIf(version >= 3.3)('gets through to the terminal around it, if it may', async () => {
    const terminal = await openInTmux('on');
    await setTask('failed');
    await writes(terminal, '\u001b]9;Deploy, the door failed: state.json\u0007');
    terminal.type('q');
  });

  it.runIf(version >= 3.3)('does not get through if it may not', async () => {
    const terminal = await openInTmux('off');
    await setTask('failed');
    await terminal.until('✗ Deploy');
    await passed();
    expect(terminal.output).not.toContain(']9;Deploy');
    terminal.type('q');
  });
});

describe('in screen', async () => {
  const isThere = await execute('screen', ['-v']).then(
    () => true,
    (error: { stdout?: string }) => (error.stdout ?? '').includes('Screen'),
  );

  it.runIf(isThere)('gets through to the terminal around it, also what takes several pieces', async () => {
    await setTask('in_progress', `Deploy ${'丛'.repeat(70)}`);
    const program = [
      '-D',
      '-m',
      '-S',
      'x',
      process.execPath,
      PROGRAM,
      'state.json',
      '--notify',
      'osc:9',
      '--notify-after',
      '0',
    ];
    const terminal = openTerminal('screen', ['-c', '/dev/null', ...program.slice(2)], {
      cwd: home,
      env: environment({ SCREENDIR: `${home}/.screen` }),
    });
    terminals.push(terminal);
    await shows(terminal);
    await setTask('failed', `Deploy ${'丛'.repeat(70)}`);
    await eventually(() => expect(notified(terminal)).toMatch(/^Deploy \?{30,}\.\.\. failed: state\.json$/u));
    terminal.type('q');
  });
});
