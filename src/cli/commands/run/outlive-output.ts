import type { Io } from '../../../io/io.ts';
import { EXIT } from '../../process/exit.ts';
import { complainOfLoss } from '../../process/lost-output.ts';

/** No error: the reader has had enough (`| head`), or the terminal was closed. */
const READER_IS_GONE = ['EPIPE', 'EIO'];

/**
 * Keeps us alive where nothing takes our output any more, until the command, which learns of it as it would by itself,
 * has ended and its task says so. The returned function gives the exit code: output that was lost is not well.
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
  io.stdin.on('error', () => {}); // the terminal's, once it is gone
  return (code) => (isLost && code === EXIT.ok ? EXIT.bug : code);
}
