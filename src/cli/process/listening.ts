import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** Reads a port as typed, 0 for any free one; null if it is not a port. */
export function readPort(typed: string): number | null {
  const port = Number(typed);
  return /^\d+$/.test(typed) && port <= 65_535 ? port : null;
}

export function noPort(command: PlainText, typed: string): Problem {
  return problem(
    'malformed',
    'down',
    words`${command}: --port ${plainName(typed)} is not a port`,
    'a number from 0 to 65535',
  );
}

/** Returns why a command cannot listen, in words for the system's error. */
export function cannotListen(
  command: PlainText,
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
): Problem {
  const where = words`${plainName(host)}:${port}`;
  const refused = (said: PlainText, hint?: PlainText) =>
    problem('refused', 'down', words`${command}: ${said}`, hint);
  switch (error.code) {
    case 'EADDRINUSE':
      return refused(words`${where} is taken`, words`choose another with --port, or 0 for any`);
    case 'EACCES':
      return refused(words`no permission to listen on ${where}`, words`choose a port above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return refused(words`${where} is not an address of this machine`, words`choose another with --host`);
    default:
      return refused(words`cannot listen on ${where}: ${plainName(error.message)}`);
  }
}
