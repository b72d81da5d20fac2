import { ownWords, plainName } from '../../model/text.ts';
import { complain, EXIT, signalExit } from './exit.ts';

/**
 * The exit code of a program whose output is lost. Whoever read it has had enough (`| head`), or the terminal is gone: no
 * error of ours. A full disk is one, and is said.
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
    hint: ownWords(code === 'ENOSPC' ? 'make room, or send it elsewhere' : 'send it elsewhere'),
  });
}

/** Whether somebody beside `main.ts` listens for the loss of standard output, and ends in a way of its own. */
export function isLossDealtWith(stdout: NodeJS.WriteStream): boolean {
  return stdout.listenerCount('error') > 1;
}
