'use strict';

/* Where compiled code is kept between runs. Node trusts it without a check, so nobody else may have had a hand in it. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const OTHERS_MAY_WRITE = 0o022;
const OTHERS_MAY_DO_ANYTHING = 0o077;
const STICKY = 0o1000;

/**
 * A directory in the user's own cache, made if need be; null where there is none that only this user can write to.
 * (Node's default is one under /tmp that anybody may have made first. Earlier versions kept theirs in `compiled`, made
 * as the umask had it.)
 */
exports.compileCacheDirectory = () => {
  const base = process.env.XDG_CACHE_HOME || path.join(homeDirectory(), platformCache());
  if (!path.isAbsolute(base)) return null;
  try {
    const directory = withoutLinks(path.join(base, 'taskglass', 'compile-cache'));
    if (!isSafePlace(directory)) return null;
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    return isSafePlace(directory) && isPrivate(directory) ? directory : null;
  } catch {
    return null; // a start takes a little longer then
  }
};

/** The links that exist on the way are followed once: others could point them elsewhere later. */
function withoutLinks(directory) {
  if (fs.lstatSync(directory, { throwIfNoEntry: false })) return fs.realpathSync(directory);
  return path.join(withoutLinks(path.dirname(directory)), path.basename(directory));
}

/** Whether nobody else can put something in the place of `directory`, as far as the way to it exists. */
function isSafePlace(directory) {
  if (!process.geteuid) return true; // Windows, where a user's folders are his own
  const stats = fs.lstatSync(directory, { throwIfNoEntry: false });
  if (stats && !isTrusted(stats)) return false;
  const parent = path.dirname(directory);
  return parent === directory || isSafePlace(parent);
}

/** In a sticky directory that anybody may write to, what lies there belongs to its makers. */
function isTrusted(stats) {
  const isClosed = (stats.mode & OTHERS_MAY_WRITE) === 0 || (stats.mode & STICKY) !== 0;
  return stats.isDirectory() && isClosed && (stats.uid === process.geteuid() || stats.uid === 0);
}

function isPrivate(directory) {
  const { mode, uid } = fs.lstatSync(directory);
  return !process.geteuid || (uid === process.geteuid() && (mode & OTHERS_MAY_DO_ANYTHING) === 0);
}

function platformCache() {
  return process.platform === 'darwin' ? 'Library/Caches' : '.cache';
}

function homeDirectory() {
  try {
    return os.homedir();
  } catch {
    return ''; // a user without a name, as in some containers
  }
}
