import { basename } from 'node:path';
import { type Problem, problem } from '../../model/problem.ts';
import { type PlainText, plainName, words } from '../../model/text.ts';

/** What `exec:` names: a command line for the shell, and how often to run it. */
export interface ExecPlace {
  readonly command: string;
  readonly everyMs: number;
}

const USUAL_INTERVAL_MS = 30_000;
const SHORTEST_INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 3_600_000;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

const INTERVAL = /^(\d+)([smh]):(.*)$/su;

/** Reads what follows `exec:`: a command, optionally after an interval (`10s:CMD`). */
export function readExecPlace(place: string): ExecPlace | Problem {
  const [, amount, unit = '', rest] = INTERVAL.exec(place) ?? [];
  const command = rest ?? place;
  const everyMs = amount === undefined ? USUAL_INTERVAL_MS : Number(amount) * (UNITS_MS[unit] ?? 0);
  if (everyMs < SHORTEST_INTERVAL_MS || everyMs > LONGEST_INTERVAL_MS) {
    const said = words`exec:${plainName(`${amount}${unit}`)}: the interval must be from 1s to 1h`;
    return problem('malformed', 'down', said, HINT);
  }
  return command.trim() === '' ? noCommand('exec') : { command, everyMs };
}

/** Reads what follows `execd:`: a command. */
export function readExecdPlace(place: string): { readonly command: string } | Problem {
  return place.trim() === '' ? noCommand('execd') : { command: place };
}

function noCommand(scheme: 'exec' | 'execd'): Problem {
  return problem('malformed', 'down', words`${scheme}: there is no command`, HINT);
}

const HINT = 'exec:CMD, exec:10s:CMD or execd:CMD: see docs/your-own-source.md';

/** Returns the name of the source of an `exec:` or `execd:`. */
export function nameOfExec(scheme: string, place: string): PlainText {
  const command = scheme === 'exec' ? (INTERVAL.exec(place)?.[3] ?? place) : place;
  return words`${plainName(scheme)}:${nameOfCommand(command)}`;
}

/** What may precede a program's name in a command line. */
const BEFORE_PROGRAM = /^(?:\s|\w+=\S*(?=\s)|(?:env|exec|nice|nohup|sudo|time)(?=\s)|[({])+/u;

/**
 * Returns the name of a command line: its program. The arguments may be secret, and the name of a source appears on the screen,
 * in logs and in documents for others.
 */
export function nameOfCommand(command: string): PlainText {
  const line = command.replace(BEFORE_PROGRAM, '');
  const [, quoted, bare] = /^["']([^"']+)["']|^([^\s;|&<>()"'`$]+)/u.exec(line) ?? [];
  return plainName(basename(quoted ?? bare ?? '') || 'command');
}
