import { basename } from 'node:path';
import { errorMessage, type Problem, problem } from '../model/problem.ts';
import { shellWord } from '../model/shell-word.ts';
import { plainName, words } from '../model/text.ts';
import type { JsonFault } from './json-text.ts';

/** The largest file, and the longest line of a stream, that is read. */
export const FILE_LIMIT_BYTES = 64 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

/** Returns the problem for the system's error when a file could not be read. */
export function systemProblem(
  error: unknown,
  path: string,
  platform: NodeJS.Platform = process.platform,
): Problem {
  const shown = plainName(path);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return problem(
      'missing',
      'down',
      words`there is no ${shown}`,
      'it appears as soon as something writes it',
    );
  if (code === 'EPERM' && platform === 'darwin')
    return problem(
      'unreadable',
      'down',
      words`macOS does not let this terminal read ${shown}`,
      'allow it: System Settings > Privacy & Security > Files and Folders',
    );
  if (code === 'EBUSY' || (platform === 'win32' && (code === 'EACCES' || code === 'EPERM')))
    return problem(
      'unreadable',
      'down',
      words`${shown} is locked by another program, or not readable by this user`,
      'retrying every 2 s',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return problem(
      'unreadable',
      'down',
      words`${shown} is not readable by this user`,
      words`chmod or chown it: ls -l ${shellWord(path)}`,
    );
  const said = plainName(errorMessage(error));
  return problem('unreadable', 'down', words`${shown} cannot be read: ${said}`, 'retrying every 2 s');
}

/** What may be in place of a file. */
export type NoFile = 'a directory' | 'a pipe' | 'a socket' | 'a device';

/** Returns the problem of a path that does not lead to a file. */
export function notAFileProblem(path: string, what: NoFile): Problem {
  const hint = what === 'a directory' ? 'name a file in it' : 'to read a stream: COMMAND | taskglass -';
  return problem('unreadable', 'down', words`${plainName(path)} is ${what}, not a file`, hint);
}

export function tooLargeProblem(path: string, limitBytes = FILE_LIMIT_BYTES): Problem {
  const limit = limitBytes < MEBIBYTE ? words`${limitBytes / 1024} KiB` : words`${limitBytes / MEBIBYTE} MiB`;
  return problem(
    'too-large',
    'down',
    words`${plainName(path)} is larger than ${limit}`,
    'its last good view is still shown',
  );
}

/** Returns the problem of a text that is not JSON, and has not been for longer than a write takes. */
export function notJsonProblem(path: string, fault: JsonFault): Problem {
  const place = fault.at ? words` (line ${fault.at.line}, column ${fault.at.column})` : '';
  return problem(
    'malformed',
    'down',
    words`${plainName(path)} is not valid JSON${place}: ${plainName(fault.what)}`,
    words`check it: jq . ${shellWord(basename(path))}`,
  );
}
