'use strict';

/* Finds the directory for compiled code. Node runs that code unchecked, so nobody else may be able to write to it. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const OTHERS_MAY_WRITE = 0o022;
const OTHERS_MAY_DO_ANYTHING = 0o077;
const STICKY = 0o1000;

/**
 * Returns a directory in the user's own cache, created if necessary; null if others could write to it. (Node's default is
 * one under /tmp, which anybody may have created first. Earlier versions used `compiled`, whose mode depended on the umask.)
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
    return null; // without a cache, starting is only slower
  }
};

/** Resolves the links in a path now, because somebody could point them elsewhere later. */
function withoutLinks(directory) {
  if (fs.lstatSync(directory, { throwIfNoEntry: false })) return fs.realpathSync(directory);
  return path.join(withoutLinks(path.dirname(directory)), path.basename(directory));
}

/** Tells whether nobody else can replace `directory`, or any existing directory above it. */
function isSafePlace(directory) {
  if (!process.geteuid) return true; // Windows, where other users cannot write to a user's profile
  const stats = fs.lstatSync(directory, { throwIfNoEntry: false });
  if (stats && !isTrusted(stats)) return false;
  const parent = path.dirname(directory);
  return parent === directory || isSafePlace(parent);
}

/** Tells whether only we and root can replace what is in a directory. In a sticky one, only the owner of an entry can. */
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
