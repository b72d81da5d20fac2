import { signalGroup } from '../io/process-group.ts';
import { withoutSecrets } from '../io/without-secrets.ts';
import type { Child, ChildOptions } from './child.ts';
import { isInBackground } from './in-background.ts';
import { isStartable } from './startable.ts';
import { passOn } from './terminal-output.ts';

/** Who sends one of these does not want to wait for what is left to be read. */
const ENDING = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL']);
const SUSPEND_KEY = Buffer.from([0x1a]);
/** How soon keys are taken again after `fg`, which says nothing to a job that ran on in the background. */
const LOOK_EVERY_MS = 500;

/** The library's types name text only. As text, a character that comes in two pieces, as in a long paste, would be lost. */
interface BytesWriter {
  write(data: string | Uint8Array): void;
}

/**
 * Starts a command in a pseudo-terminal of the same size, with this terminal's keys going to it. null where the
 * library for it is not installed (it is optional: it has compiled parts, for the usual machines).
 */
export async function startInTerminal({ words, io, onOutput, filter }: ChildOptions): Promise<Child | null> {
  const library = await import('@lydell/node-pty').catch(() => null);
  // The library would answer for a missing command with a line of its own; pipes say it in a shell's way.
  if (!library || !isStartable(words[0] ?? '', io)) return null;
  const { stdin, stdout } = io;
  const size = () => ({ cols: stdout.columns || 80, rows: stdout.rows || 24 });
  const [command = '', ...args] = words;
  const terminal = library.spawn(command, args, {
    ...size(),
    cwd: io.cwd,
    env: withoutSecrets(io.env),
    name: io.env.TERM ?? 'xterm',
    encoding: null, // bytes, whatever they mean
  });

  const output = passOn(terminal, { stdout, stderr: io.stderr, clock: io.clock, onOutput, filter });
  const signal = (name: NodeJS.Signals) => {
    if (ENDING.has(name)) output.hurry();
    return signalGroup(terminal.pid, name);
  };
  const resize = () => terminal.resize(size().cols, size().rows);
  const type = (bytes: Uint8Array) => (terminal as BytesWriter).write(bytes);
  const takeKeysOn = (keys: Buffer) => {
    if (keys.equals(SUSPEND_KEY)) suspend();
    else type(keys);
  };
  const suspend = () => {
    signal('SIGSTOP');
    stdin.setRawMode(false).pause();
    process.kill(process.pid, 'SIGSTOP');
  };
  const takeKeys = () => {
    if (isInBackground()) stopTimer = io.clock.after(LOOK_EVERY_MS, takeKeys);
    else stdin.setRawMode(true).resume();
  };
  let stopTimer = () => {};
  const goOn = () => {
    stopTimer();
    stdin.pause();
    takeKeys();
    signal('SIGCONT');
  };

  const hangUp = () => void signal('SIGHUP');

  stdin.setRawMode(true).resume().on('data', takeKeysOn).once('error', hangUp);
  stdout.on('resize', resize).once('error', hangUp);
  process.on('SIGCONT', goOn);

  return {
    signal,
    type,
    ended: new Promise((resolve) => {
      terminal.onExit(({ exitCode, signal: number }) => {
        stopTimer();
        stdin.removeListener('data', takeKeysOn).removeListener('error', hangUp).setRawMode(false).pause();
        stdout.removeListener('resize', resize).removeListener('error', hangUp);
        process.removeListener('SIGCONT', goOn);
        const end = { exitCode: number ? null : exitCode, signal: number || null };
        void output.close().then(() => resolve(end));
      });
    }),
  };
}
