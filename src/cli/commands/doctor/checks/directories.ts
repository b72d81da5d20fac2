import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { words } from '../../../../model/text.ts';
import { userDirectories } from '../../../../storage/directories.ts';
import { isOurs } from '../../../../storage/ownership.ts';
import { isPrivateDirectory } from '../../../../storage/private-directory.ts';
import { shownPath } from '../../../process/shown-path.ts';
import { type Check, type CheckContext, type Finding, ok, trouble, warning } from '../check.ts';

const LITTLE_BYTES = 100 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;
const WRITABLE_BY_OTHERS = 0o022;

/** Whether taskglass's own directories can be used, and only by this user. */
export const directories: Check = {
  name: 'directories',
  async look({ io: { env } }) {
    const { config, data, state } = userDirectories(env);
    const places = [...new Set([config, data, state])];
    const found = (await Promise.all(places.map(findingsOf))).flat();
    const all = [...homeFindings(env), ...found, ...(await runtimeFindings(env))];
    return all.length > 0 ? all : [ok(words`${shownPath(state)} and ${shownPath(config)} can be written to`)];
  },
};

function homeFindings({ HOME, TASKGLASS_HOME }: CheckContext['io']['env']): Finding[] {
  if (HOME || TASKGLASS_HOME || process.platform === 'win32') return [];
  return [
    warning(
      words`HOME is not set`,
      words`set it to your home directory, or name a directory in TASKGLASS_HOME`,
    ),
  ];
}

async function findingsOf(place: string): Promise<Finding[]> {
  const there = await nearest(place);
  const stats = await stat(there);
  if (!stats.isDirectory())
    return [trouble(words`${shownPath(there)} is not a directory`, words`move it away`)];
  if (
    await access(there, constants.W_OK).then(
      () => false,
      () => true,
    )
  ) {
    const whose = isOurs(stats) ? words`chmod u+w ${shownPath(there)}` : words`it belongs to another user`;
    return [
      trouble(
        words`${shownPath(place)} cannot be written to`,
        words`${whose}; or name another directory in TASKGLASS_HOME`,
      ),
    ];
  }
  const found: Finding[] = [];
  if (there === place && !isOurs(stats))
    found.push(
      warning(
        words`${shownPath(place)} belongs to another user`,
        words`chown it, or name another directory in TASKGLASS_HOME`,
      ),
    );
  if (there === place && process.platform !== 'win32' && (stats.mode & WRITABLE_BY_OTHERS) !== 0)
    found.push(
      trouble(words`others can write into ${shownPath(place)}`, words`chmod go-w ${shownPath(place)}`),
    );
  return [...found, ...(await spaceFindings(there))];
}

async function spaceFindings(place: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  if (free >= LITTLE_BYTES) return [];
  const said = words`${Math.floor(free / MEBIBYTE)} MiB are left where ${shownPath(place)} is`;
  const hint = words`make room: logs and histories are lost when it is full`;
  return [free === 0 ? trouble(said, hint) : warning(said, hint)];
}

/**
 * Checks where this user's views and servers find each other; without it, they use a directory below the state directory.
 */
async function runtimeFindings({ XDG_RUNTIME_DIR: place }: CheckContext['io']['env']): Promise<Finding[]> {
  if (!place || process.platform === 'win32') return [];
  if (isPrivateDirectory(place)) return [];
  return [
    warning(
      words`XDG_RUNTIME_DIR is ${shownPath(place)}, which is not a directory of yours alone`,
      words`unset it, or log in again: a login sets it`,
    ),
  ];
}

/** Returns the directory; if it does not exist, its nearest ancestor that does. */
async function nearest(place: string): Promise<string> {
  const found = await stat(place).catch((error: NodeJS.ErrnoException) => error);
  const isMissing = found instanceof Error && (found.code === 'ENOENT' || found.code === 'ENOTDIR');
  const parent = path.dirname(place);
  return isMissing && parent !== place ? nearest(parent) : place;
}
