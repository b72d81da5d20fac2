import { spawn, spawnSync } from 'node:child_process';
import { APART } from './apart.ts';

/** Reads or sets the modes of the terminal behind a descriptor. Resolves with what was printed; null if that failed. */
export function stty(terminal: number, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('stty', args, { ...APART, stdio: [terminal, 'pipe', 'ignore'] });
    let printed = '';
    child.stdout?.setEncoding('latin1').on('data', (piece: string) => {
      printed += piece;
    });
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === 0 ? printed.trim() : null));
  });
}

/** Does the same synchronously, for moments after which this process is stopped or ends. */
export function sttySync(terminal: number, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('stty', args, {
    ...APART,
    stdio: [terminal, 'pipe', 'ignore'],
    encoding: 'latin1',
  });
  return status === 0 ? stdout.trim() : null;
}

/** The keys by which a terminal interrupts, ends and stops a command; -1 if there is none. */
export interface SignalKeys {
  readonly interrupt: number;
  readonly quit: number;
  readonly suspend: number;
}

/** Finds the keys in the output of `stty -g`: by name on BSD systems (`…:intr=3:…`), by position on Linux. */
export function signalKeysOf(modes: string): SignalKeys {
  const items = modes.split(':');
  const named = new Map(items.map((item) => item.split('=') as [string, string | undefined]));
  const key = (name: string, place: number) =>
    Number.parseInt((modes.includes('=') ? named.get(name) : items[place]) ?? '', 16) || -1;
  return { interrupt: key('intr', 4), quit: key('quit', 5), suspend: key('susp', 14) };
}
