import { spawn, spawnSync } from 'node:child_process';

/** Asks or sets the modes of the terminal behind a descriptor. Resolves with what was printed; null if that failed. */
export function stty(terminal: number, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('stty', args, { stdio: [terminal, 'pipe', 'ignore'] });
    let printed = '';
    child.stdout?.setEncoding('latin1').on('data', (piece: string) => {
      printed += piece;
    });
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === 0 ? printed.trim() : null));
  });
}

/** The same at once, for moments after which this process is stopped or ends. */
export function sttySync(terminal: number, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('stty', args, {
    stdio: [terminal, 'pipe', 'ignore'],
    encoding: 'latin1',
  });
  return status === 0 ? stdout.trim() : null;
}

/** The keys that interrupt and end a command, as `stty -g` names them on Linux and on BSD systems. */
export function interruptKeysOf(modes: string): number[] {
  const named = [...modes.matchAll(/:(?:intr|quit)=(?<key>[0-9a-f]+)/gu)].map(({ groups }) => groups?.key);
  const listed = modes.split(':').slice(4, 6);
  return (named.length > 0 ? named : listed)
    .map((key) => Number.parseInt(key ?? '', 16))
    .filter((key) => key > 0);
}
