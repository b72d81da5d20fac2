import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { stty } from './stty.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that a command prints to and reads from, and whose other end is ours. */
export interface PseudoTerminal {
  /** Yields what the command prints; what is written to it counts as typed. It ends with EIO. */
  readonly master: ReadStream;
  /** The descriptor of `master`. */
  readonly masterFd: number;
  /** The path of the command's end, such as /dev/pts/4. */
  readonly path: string;
  /** Opens the command's end; close it here once the command has it. */
  openEnd(): number;
  resize(size: TerminalSize): Promise<unknown>;
  /** Returns its modes as `stty -g` prints them, and in words; null if it is closed. */
  modes(): Promise<{ readonly saved: string; readonly words: readonly string[] } | null>;
}

/** Opens a pseudo-terminal with these modes, as `stty` takes them. Returns null if none is available. */
export async function openPseudoTerminal(
  size: TerminalSize,
  modes: readonly string[],
): Promise<PseudoTerminal | null> {
  const opened = (await openMultiplexer()) ?? openByLibrary(size);
  if (!opened) return null;
  const { master: masterFd, path } = opened;
  const openEnd = () => openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const set = async (args: readonly string[]) => {
    const end = openEnd();
    const printed = await stty(end, args);
    closeSync(end);
    return printed;
  };
  const argsOf = ({ columns, rows }: TerminalSize) => ['rows', `${rows}`, 'cols', `${columns}`];
  let changing: Promise<unknown> = Promise.resolve();
  let newest = size;
  try {
    await set([...modes, ...argsOf(size)]);
  } catch {
    closeSync(masterFd);
    return null;
  }
  return {
    master: new ReadStream(masterFd),
    masterFd,
    path,
    openEnd,
    resize(next) {
      newest = next;
      // One after the other; a change that is already superseded is skipped.
      changing = changing.then(() => (newest === next ? set(argsOf(next)) : null)).catch(() => {});
      return changing;
    },
    async modes() {
      const [saved, words] = await Promise.all([set(['-g']), set(['-a'])]).catch(() => [null, null]);
      return saved === null || words === null ? null : { saved, words: words.split(/[\s;]+/u) };
    },
  };
}

interface Opened {
  readonly master: number;
  readonly path: string;
}

/** TIOCSPTLCK on most processors; on others, where the number differs, this fails. */
const UNLOCK = 'my $off = pack "i", 0; ioctl(STDIN, 0x40045431, $off) or exit 1';

/**
 * Opens a terminal on Linux. Because we open the master ourselves, it is closed in every command that we start, and the
 * terminal ends with its last user. Node cannot unlock it; Perl can.
 */
async function openMultiplexer(): Promise<Opened | null> {
  if (process.platform !== 'linux') return null;
  let master: number;
  try {
    master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  const index = /^tty-index:\s*(\d+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${master}`, 'utf8'))?.[1];
  const isUnlocked = await new Promise<boolean>((resolve) => {
    const perl = spawn('perl', ['-e', UNLOCK], { stdio: [master, 'ignore', 'ignore'] });
    perl.once('error', () => resolve(false));
    perl.once('exit', (code) => resolve(code === 0));
  });
  if (isUnlocked && index !== undefined) return { master, path: `/dev/pts/${index}` };
  closeSync(master);
  return null;
}

/**
 * Opens a terminal with the library, which is optional because it is compiled, for the usual platforms. The commands that we
 * start inherit this master.
 */
function openByLibrary({ columns, rows }: TerminalSize): Opened | null {
  try {
    const { requireBinary } = createRequire(import.meta.url)('@lydell/node-pty/requireBinary.js');
    const { master, slave, pty } = requireBinary('pty.node').open(columns, rows);
    closeSync(slave);
    return { master, path: pty };
  } catch {
    return null;
  }
}
