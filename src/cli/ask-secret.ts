import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Io } from './io.ts';

/** Asks on the terminal for something that must not be seen; null where there is no terminal, or nothing was given. */
export async function askSecret(question: string, io: Io): Promise<string | null> {
  if (!io.stdin.isTTY || !io.stderr.isTTY) return null;
  io.stderr.write(question);
  const unseen = new Writable({ write: (_text, _encoding, done) => done() });
  const prompt = createInterface({ input: io.stdin, output: unseen, terminal: true });
  // The terminal is in raw mode: Ctrl-C is a character here, and no signal yet.
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await prompt.question('', { signal: io.signal })) || null;
  } catch {
    return null; // interrupted
  } finally {
    prompt.close();
    io.stderr.write('\n');
  }
}

/** The passphrase of the key file: from the environment, else from the person at the terminal. */
export async function askPassphrase(question: string, io: Io): Promise<string | null> {
  return io.env.TASKGLASS_PASSPHRASE || askSecret(question, io);
}
