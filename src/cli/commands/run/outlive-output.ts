import type { Io } from '../../../io/io.ts';
import { EXIT } from '../../process/exit.ts';
import { complainOfLoss } from '../../process/lost-output.ts';

/** Not errors: the reader has had enough (`| head`), or the terminal was closed. */
const READER_IS_GONE = ['EPIPE', 'EIO'];

/**
 * Keeps us alive when our output can no longer be written, until the command has ended and its task says so; the command
 * notices the loss as it would without us. The returned function corrects the exit code: lost output is not a success.
 */
export function outliveOutput(io: Io): (code: number) => number {
  let isLost = false;
  for (const stream of [io.stdout, io.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (isLost || READER_IS_GONE.includes(error.code ?? '')) return;
      isLost = true;
      complainOfLoss(io, error);
    });
  }
  io.stdin.on('error', () => {}); // errors once the terminal is gone
  return (code) => (isLost && code === EXIT.ok ? EXIT.bug : code);
}
