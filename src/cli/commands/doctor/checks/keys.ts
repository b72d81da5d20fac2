import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { shellWord } from '../../../../model/shell-word.ts';
import { plainName, words } from '../../../../model/text.ts';
import { plural } from '../../../../present/count.ts';
import { defaultKeyFile } from '../../../../session/signing-key.ts';
import { userDirectories } from '../../../../storage/directories.ts';
import { isOpenToOthers, isOursOrRoots } from '../../../../storage/ownership.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { readSettings } from '../../../session/session.ts';
import { type Check, type CheckContext, type Finding, ok, trouble, warning } from '../check.ts';

/** Whether the files with secrets are readable by this user only. Their contents are not read. */
export const keys: Check = {
  name: 'keys',
  async look(context) {
    const files = await secretFiles(context);
    const found = (await Promise.all(files.map(findingsOf))).flat();
    if (context.io.env.TASKGLASS_NSEC)
      found.push(
        warning(
          words`TASKGLASS_NSEC holds a secret key, which other programs may read in the environment`,
          words`for people: taskglass key import, then unset it`,
        ),
      );
    if (found.length > 0) return found;
    const there = await Promise.all(files.map(isThere));
    const count = there.filter(Boolean).length;
    return [
      count === 0
        ? ok(words`none yet; one is needed only to cancel, retry or publish on relays`)
        : ok(words`${plural(count, 'file')} with secrets, for you alone`),
    ];
  },
};

async function secretFiles({ io, options }: CheckContext): Promise<string[]> {
  const resolved = await readSettings(options, io);
  const named = resolved.kind === 'resolved' ? resolved.settings.keyFile : undefined;
  const tokens = path.join(userDirectories(io.env).data, 'tokens');
  const names = await readdir(tokens).catch(() => []);
  const given = io.env.TASKGLASS_TOKEN_FILE;
  return [
    path.resolve(io.cwd, named ?? defaultKeyFile(io)),
    ...names.map((name) => path.join(tokens, name)),
    ...(given ? [path.resolve(io.cwd, given)] : []),
  ];
}

async function findingsOf(file: string): Promise<Finding[]> {
  const stats = await stat(file).catch(() => null);
  if (!stats) return [];
  if (!isOursOrRoots(stats))
    return [
      trouble(words`${shownPath(file)} belongs to another user`, words`make a new one: taskglass key new`),
    ];
  if (isOpenToOthers(stats)) {
    const mode = plainName((stats.mode & 0o777).toString(8).padStart(4, '0'));
    return [
      trouble(words`others can read ${shownPath(file)} (mode ${mode})`, words`chmod 600 ${shellWord(file)}`),
    ];
  }
  return [];
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}
