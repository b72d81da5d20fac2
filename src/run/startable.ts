import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { findExecutable, findShellScript, isExecutable, placesOf } from '../io/find-executable.ts';
import type { Io } from '../io/io.ts';
import { shellWord } from '../model/shell-word.ts';

/** The exit code of a shell if there is no such command. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** How much of a script's first line the kernel reads. */
const FIRST_LINE_BYTES = 256;

type Place = Pick<Io, 'env' | 'cwd'>;

/**
 * Tells whether the system will start `command`, as far as that is known without trying: a file, executable, with its
 * interpreter.
 */
export function isStartable(command: string, place: Place): boolean {
  const file = findExecutable(command, place);
  return file !== null && missingInterpreterOf(file, place) === null;
}

/** Returns the error with which the system would refuse a command that is not startable. */
export function startError(command: string, { env, cwd }: Place): NodeJS.ErrnoException {
  const errors = placesOf(command, { env, cwd }).map((file) => {
    try {
      accessSync(file, constants.X_OK);
      return Object.assign(new Error('EACCES'), { code: 'EACCES' }); // a directory
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
  });
  const isAbsent = ({ code }: NodeJS.ErrnoException) => code === 'ENOENT' || code === 'ENOTDIR';
  const absent = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  return errors.find((error) => command.includes('/') || !isAbsent(error)) ?? absent;
}

/** Explains in a line why a command was not started, with the exit code that a shell has for it. */
export function explainUnstartable(
  command: string,
  error: NodeJS.ErrnoException,
  place: Place,
): { readonly why: string; readonly code: number } {
  const file = findExecutable(command, place);
  const interpreter = file && missingInterpreterOf(file, place);
  if (interpreter) {
    const what = interpreter.endsWith('\r')
      ? 'its first line ends with CR LF (DOS)'
      : `there is no ${interpreter} to run it`;
    return { why: `${shortened(command)} can't be started: ${what}`, code: NOT_FOUND };
  }
  const script = findShellScript(command, place);
  if (script !== null) {
    const how = `taskglass run -- cmd /c ${shortened(command)}`;
    return { why: `${shortened(command)} is a script that only a shell can run: ${how}`, code: NOT_FOUND };
  }
  if (error.code === 'ENOENT')
    return { why: `no such command: ${command}${shellHint(command)}`, code: NOT_FOUND };
  const reason = REASONS[error.code ?? ''];
  const why = reason ? `${reason} (${error.code})` : (error.code ?? error.message);
  return { why: `${shortened(command)} can't be started: ${why}`, code: NOT_EXECUTABLE };
}

/** Returns a hint if the name of the program is something that only a shell understands. */
function shellHint(command: string): string {
  if (!/[\s;&|<>$`*(){}]/u.test(command)) return '';
  return ` (a shell understands it: taskglass run -- sh -c ${shellWord(command)})`;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it is not executable for this user',
  EPERM: 'this user may not run it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of its path is not a directory',
  ELOOP: 'its path leads through too many links',
  ENAMETOOLONG: 'its name is too long',
  ENOEXEC: 'it is not a program for this machine',
  E2BIG: 'its arguments or its environment are too long',
  ETXTBSY: 'it is being written',
  EMFILE: 'too many files are open here, see ulimit -n',
  ENFILE: 'too many files are open on this machine',
  EAGAIN: 'too many processes run already, see ulimit -u',
  ENOMEM: 'there is not enough memory',
};

/** Shortens a text for an error line. */
function shortened(command: string): string {
  return command.length > 80 ? `${command.slice(0, 79)}…` : command;
}

/** Returns the program that a script needs and that does not exist; null if nothing is missing. */
function missingInterpreterOf(file: string, { cwd }: Place): string | null {
  const interpreter = interpreterOf(file);
  return interpreter !== null && !isExecutable(path.resolve(cwd, interpreter)) ? interpreter : null;
}

/** Returns the program that a script's first line names; null if it names none, or is not readable. */
function interpreterOf(file: string): string | null {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(FIRST_LINE_BYTES);
      const head = buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, FIRST_LINE_BYTES, 0));
      // A line with a DOS line end asks for a name that ends with a carriage return.
      return /^#![ \t]*(?<interpreter>[^ \t\n]+)/u.exec(head)?.groups?.interpreter ?? null;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
