import { type Problem, problem } from '../../model/problem.ts';
import { plainName } from '../../model/text.ts';

/** Reads a port as typed, 0 for any free one; null if it is not a port. */
export function readPort(typed: string): number | null {
  const port = Number(typed);
  return /^\d+$/.test(typed) && port <= 65_535 ? port : null;
}

export function noPort(command: string, typed: string): Problem {
  return problem(
    'malformed',
    'down',
    `${command}: --port ${plainName(typed)} is not a port`,
    'a number from 0 to 65535',
  );
}

/** Returns why a command can't listen, in words for the system's error. */
export function cannotListen(
  command: string,
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
): Problem {
  const where = `${plainName(host)}:${port}`;
  const refused = (words: string, hint?: string) => problem('refused', 'down', `${command}: ${words}`, hint);
  switch (error.code) {
    case 'EADDRINUSE':
      return refused(`${where} is taken`, 'choose another with --port, or 0 for any');
    case 'EACCES':
      return refused(`no permission to listen on ${where}`, 'choose a port above 1023');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return refused(`${where} is not an address of this machine`, 'choose another with --host');
    default:
      return refused(`cannot listen on ${where}: ${plainName(error.message)}`);
  }
}
