import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findExecutable } from '../../../../io/find-executable.ts';
import { plainName, words } from '../../../../model/text.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { packageVersion } from '../../../process/version.ts';
import { type Check, ok, warning } from '../check.ts';

/** Which taskglass this is, and whether typing its name starts the same one. */
export const version: Check = {
  name: 'taskglass',
  async look({ io }) {
    const own = plainName(packageVersion());
    const started = process.argv[1] === undefined ? null : realOf(process.argv[1]);
    const onPath = findExecutable('taskglass', io);
    const isOther = onPath !== null && started !== null && !startedBy(onPath).includes(started);
    if (!isOther) return [ok(words`${own}`)];
    return [
      warning(
        words`${own} of ${shownPath(started)}, but taskglass on PATH is ${shownPath(onPath)}`,
        words`hooks, shells and other programs start the one on PATH: put this one first, or remove that`,
      ),
    ];
  },
};

/**
 * Returns the files that a program on PATH may start: itself, or, if it is a shell script as written by pnpm and Yarn, the
 * files that the script names.
 */
function startedBy(program: string): readonly string[] {
  const named = [...scriptText(program).matchAll(/(["'])(\$basedir)?(\/[^"'\n]+)\1/gu)];
  const files = named.map(([, , relative, path = '']) => (relative ? join(dirname(program), path) : path));
  return [program, ...files].map(realOf);
}

function scriptText(file: string): string {
  try {
    const text = readFileSync(file, 'latin1');
    return text.startsWith('#!/bin/sh') ? text : '';
  } catch {
    return '';
  }
}

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
