import type { Io } from '../../../io/io.ts';
import { printData } from '../../../io/print.ts';
import { didYouMean } from '../../../model/nearest.ts';
import { problem } from '../../../model/problem.ts';
import { joined, plainName } from '../../../model/text.ts';
import { EXIT, refuse } from '../../process/exit.ts';
import { SCRIPTS } from './scripts.ts';
import { SHELLS } from './shells.ts';

/** Prints the completion function for a shell. Resolves with the exit code. */
export function runCompletion(word: string, io: Io): number {
  const shell = SHELLS.find((known) => known === word);
  if (shell === undefined) {
    const hint = didYouMean(word, SHELLS) ?? joined(SHELLS, ', ');
    const said = plainName(`completion: ${word || '""'} is not a shell that can be completed`);
    return refuse(io, problem('malformed', 'down', said, hint), EXIT.usage);
  }
  printData(io, SCRIPTS[shell].trimEnd());
  return EXIT.ok;
}
