import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** A program in a pseudo-terminal of its own, with the screen that it paints. */
export interface Terminal {
  readonly pid: number;
  /** What the program has written so far, escapes included. */
  readonly output: string;
  /** How many bytes that is. */
  readonly bytes: number;
  /** Returns the text on the screen, line by line, without trailing spaces. */
  screen(): string;
  /**
   * Waits until `wanted` is on the screen; resolves with the time (`performance.now()`) at which the bytes arrived that brought
   * it. Rejects, showing the screen, if the program ends or `timeoutMs` pass first.
   */
  until(wanted: Wanted, timeoutMs?: number): Promise<number>;
  /** Presses keys: sends what a terminal would send for them. */
  type(keys: string): void;
  resize(cols: number, rows: number): void;
  /**
   * Waits for the program's end: its exit code, or 128 + the signal that killed it. Rejects, showing the screen, if it does not
   * end within 20 s.
   */
  readonly exitCode: Promise<number>;
  /** Kills the program if it is still running. */
  dispose(): void;
  readonly emulator: xterm.Terminal;
}

type Wanted = string | RegExp | ((screen: string) => boolean);

export interface TerminalOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly cwd?: string;
  /** Added to this process's environment, without what tells programs that nobody is looking; undefined removes a variable. */
  readonly env?: Record<string, string | undefined>;
}

export function openTerminal(command: string, args: string[], options: TerminalOptions = {}): Terminal {
  const { cols = 120, rows = 40, cwd = process.cwd() } = options;
  const pty = spawn(command, args, {
    name: 'xterm-256color',
    cols,
    rows,
    cwd,
    env: environment(options.env),
  });
  const emulator = new xterm.Terminal({ cols, rows, scrollback: 1000, allowProposedApi: true });
  const painted = new Set<(at: number) => void>();
  let bytes = 0;
  let output = '';
  /** Set only once everything that it wrote is on the screen. */
  let ended: number | null = null;
  let isRunning = true;

  pty.onData((data) => {
    const at = performance.now();
    output += data;
    bytes += Buffer.byteLength(data);
    emulator.write(data, () => {
      for (const check of [...painted]) check(at);
    });
  });
  emulator.onData((answer) => pty.write(answer));
  pty.onExit((exit) => {
    isRunning = false;
    emulator.write('', () => {
      ended = exit.signal ? 128 + exit.signal : exit.exitCode;
      for (const check of [...painted]) check(performance.now());
    });
  });

  const screen = () => textOf(emulator);

  /** Resolves with what `look` returns as soon as that is not null; it looks again after everything that the program does. */
  function waitFor(
    look: (at: number) => number | null,
    waitsFor: string,
    timeoutMs = 20_000,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        painted.delete(check);
        act();
      };
      const fail = (why: string) =>
        settle(() => reject(new Error(`${why} before ${waitsFor}:\n${screen()}`)));
      const check = (at: number) => {
        const seen = look(at);
        if (seen !== null) settle(() => resolve(seen));
        else if (ended !== null) fail(`the program ended (${ended})`);
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      painted.add(check);
      check(performance.now());
    });
  }

  const until = (wanted: Wanted, timeoutMs?: number) =>
    waitFor((at) => (isOn(screen(), wanted) ? at : null), `${wanted} was on the screen`, timeoutMs);

  return {
    pid: pty.pid,
    get output() {
      return output;
    },
    get bytes() {
      return bytes;
    },
    screen,
    until,
    type: (keys) => pty.write(keys),
    resize(newCols, newRows) {
      emulator.resize(newCols, newRows);
      pty.resize(newCols, newRows);
    },
    get exitCode() {
      return waitFor(() => ended, 'the program ended');
    },
    dispose() {
      if (isRunning) pty.kill('SIGKILL');
      emulator.dispose();
    },
    emulator,
  };
}

/**
 * Returns the screen, of 80 columns and 24 rows, after `output` on a terminal that knows only the control sequences that end
 * with one of `known`, or all of them.
 */
export async function paint(output: string, known?: string): Promise<string> {
  const emulator = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  for (let code = 0x40; known && code < 0x7f; code += 1) {
    const final = String.fromCharCode(code);
    if (!known.includes(final)) emulator.parser.registerCsiHandler({ final }, () => true);
  }
  await new Promise<void>((resolve) => emulator.write(output, resolve));
  const screen = textOf(emulator);
  emulator.dispose();
  return screen;
}

function isOn(screen: string, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return screen.includes(wanted);
  return typeof wanted === 'function' ? wanted(screen) : wanted.test(screen);
}

function textOf(emulator: xterm.Terminal): string {
  const { active } = emulator.buffer;
  const lines = Array.from({ length: emulator.rows }, (_, row) => active.getLine(active.baseY + row));
  return lines
    .map((line) => line?.translateToString(true, 0, emulator.cols) ?? '')
    .join('\n')
    .trimEnd();
}

function environment(extra: TerminalOptions['env'] = {}): Record<string, string> {
  const { CI, CONTINUOUS_INTEGRATION, NO_COLOR, FORCE_COLOR, COLUMNS, LINES, ...own } = process.env;
  const merged = { ...own, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...extra };
  return Object.fromEntries(
    Object.entries(merged).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
