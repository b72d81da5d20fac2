import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { endsWithin } from '../../../../clock.ts';
import { type PlainText, words } from '../../../../model/text.ts';
import { numberText } from '../../../../present/count.ts';
import { type Check, type CheckContext, type Finding, ok, trouble, warning } from '../check.ts';

/** Once all watches are in use, files have to be polled, which is slower and costs more. */
const NEARLY_ALL = 0.8;
/** About what a view with all kinds of sources takes. */
const FEW_WATCHES = 8_192;

/** How many files Linux lets this user watch, and how many watches are in use. */
export const watches: Check = {
  name: 'watches',
  async look(context) {
    const [most, mostInstances] = await Promise.all([
      limitOf('max_user_watches', context),
      limitOf('max_user_instances', context),
    ]);
    if (most === null || mostInstances === null) return [];
    const used = await usedBy(context);
    const said = words`${numberText(used.watches)} of ${numberText(most)} watches and ${numberText(used.instances)} of ${numberText(mostInstances)} instances in use`;
    return [findingOf({ used, most, mostInstances }, said)];
  },
};

interface Used {
  readonly watches: number;
  readonly instances: number;
}

function findingOf(
  {
    used,
    most,
    mostInstances,
  }: { readonly used: Used; readonly most: number; readonly mostInstances: number },
  said: PlainText,
): Finding {
  if (used.instances >= mostInstances || used.watches >= most) {
    const name = used.watches >= most ? words`max_user_watches=524288` : words`max_user_instances=1024`;
    return trouble(words`${said}: none are left`, words`sudo sysctl fs.inotify.${name}`);
  }
  if (used.watches > most * NEARLY_ALL || most < FEW_WATCHES)
    return warning(said, words`allow more: sudo sysctl fs.inotify.max_user_watches=524288`);
  if (used.instances > mostInstances * NEARLY_ALL)
    return warning(said, words`allow more: sudo sysctl fs.inotify.max_user_instances=1024`);
  return ok(said);
}

async function limitOf(name: string, { proc }: CheckContext): Promise<number | null> {
  const text = await readFile(path.join(proc, 'sys/fs/inotify', name), 'utf8').catch(() => '');
  return /^\d+\s*$/u.test(text) ? Number(text) : null;
}

/**
 * Counts what this user's processes have open; other users' processes cannot be inspected and are not counted. If there are
 * too many to count in time, returns the count so far.
 */
async function usedBy(context: CheckContext): Promise<Used> {
  const { proc, io } = context;
  const used = { watches: 0, instances: 0 };
  const pids = (await readdir(proc).catch(() => [])).filter((name) => /^\d+$/u.test(name));
  const counting = Promise.all(pids.map((pid) => count(path.join(proc, pid), used, context)));
  await endsWithin(io.clock, COUNTED_WITHIN_MS, counting);
  return { ...used };
}

const COUNTED_WITHIN_MS = 800;

async function count(
  folder: string,
  used: { watches: number; instances: number },
  { signal }: CheckContext,
): Promise<void> {
  const files = await readdir(path.join(folder, 'fd')).catch(() => []);
  await Promise.all(
    files.map(async (file) => {
      if (signal.aborted) return;
      const target = await readlink(path.join(folder, 'fd', file)).catch(() => '');
      if (!target.includes('inotify')) return;
      used.instances += 1;
      const info = await readFile(path.join(folder, 'fdinfo', file), 'utf8').catch(() => '');
      used.watches += info.split('\n').filter((line) => line.startsWith('inotify ')).length;
    }),
  );
}
