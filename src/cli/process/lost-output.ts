import { plainName, words } from '../../model/text.ts';
import { complain, EXIT, signalExit } from './exit.ts';

/**
 * Returns the exit code for a program whose output is lost. If the reader has had enough (`| head`), or the terminal is
 * gone, that is not an error. A full disk is one, and is reported.
 */
export function lossExit(io: { readonly stderr: NodeJS.WriteStream }, error: NodeJS.ErrnoException): number {
  if (error.code === 'EIO') return signalExit('SIGHUP');
  if (error.code === 'EPIPE') return EXIT.ok;
  complainOfLoss(io, error);
  return EXIT.bug;
}

/** Says that output could not be written. */
export function complainOfLoss(
  io: { readonly stderr: NodeJS.WriteStream },
  { code = '' }: NodeJS.ErrnoException,
): void {
  complain(io, {
    message: plainName(`the output cannot be written: ${code}`),
    hint: words`${code === 'ENOSPC' ? 'make room, or send it elsewhere' : 'send it elsewhere'}`,
  });
}

/** Tells whether a listener other than that of `main.ts` handles the loss of standard output, and ends in its own way. */
export function isLossDealtWith(stdout: NodeJS.WriteStream): boolean {
  return stdout.listenerCount('error') > 1;
}
