import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isOnNetwork } from '../../../../io/watch-file.ts';
import { plainName, words } from '../../../../model/text.ts';
import { userDirectories } from '../../../../storage/directories.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { type Check, type CheckContext, type Finding, ok, warning } from '../check.ts';

/** Whether the system reports changes in the current directory and in the runs directory. */
export const fileSystem: Check = {
  name: 'file system',
  async look(context) {
    const { cwd, env } = context.io;
    const places = [...new Set([cwd, userDirectories(env).runs])];
    const found = await Promise.all(places.map((place) => findingOf(place, context)));
    const unwell = found.filter(({ status }) => status !== 'ok');
    return unwell.length > 0 ? unwell : found.slice(0, 1);
  },
};

/** File systems that are changed by another machine, or by the host of a virtual one. */
const TELLS_NOTHING = /^(?:nfs4?|cifs|smb3|9p|fuse(?:\..*)?|virtiofs|vboxsf|afs|ceph)$/u;

async function findingOf(place: string, context: CheckContext): Promise<Finding> {
  const type = plainName((await typeOf(place, context)) ?? 'unknown');
  const said = words`${shownPath(place)} is on ${type}`;
  if (TELLS_NOTHING.test(type) || (await isOnNetwork(place)))
    return warning(
      words`${said}, which does not report changes`,
      words`files there are checked 10 times a second; a local directory is cheaper`,
    );
  // A change made outside a container goes to a lower layer, and the upper layer is not notified.
  if (type === 'overlay') return ok(words`${said}: changes made outside may be noticed late`);
  return ok(said);
}

/** Returns the type of the file system that holds a path; null if the system does not say. */
async function typeOf(place: string, { proc }: CheckContext): Promise<string | null> {
  const text = await readFile(path.join(proc, 'self/mountinfo'), 'utf8').catch(() => '');
  let best: { readonly at: string; readonly type: string } | null = null;
  for (const line of text.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const at = unescaped(before.split(' ')[4] ?? '');
    const isAbove = place === at || place.startsWith(at === '/' ? '/' : `${at}/`);
    if (at !== '' && isAbove && at.length >= (best?.at.length ?? 0))
      best = { at, type: after.split(' ')[0] ?? '' };
  }
  return best?.type || null;
}

/** Decodes the octal escapes in which the kernel writes blanks and similar characters. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/gu, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
