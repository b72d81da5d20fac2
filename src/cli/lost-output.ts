import { ownWords, plainName } from '../model/text.ts';
import { complain, EXIT, signalExit } from './exit.ts';

/**
 * Ends the program when its output is lost, unless the command that runs deals with that itself. Whoever read our output
 * has had enough (`| head`), or the terminal is gone: no error of ours. A full disk is one. Lost diagnostics end nothing.
 */
export function endWhenOutputIsLost(process: NodeJS.Process): void {
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isDealtWith(process.stdout)) return;
    if (error.code === 'EIO') process.exit(signalExit('SIGHUP'));
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    complainOfLoss(process, error);
    process.exit(EXIT.bug);
  });
}

/** Whether somebody else listens for the loss of standard output, and ends in a way of its own. */
export function isDealtWith(stdout: NodeJS.WriteStream): boolean {
  return stdout.listenerCount('error') > 1;
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
