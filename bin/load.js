'use strict';

/* Loads the bundled program, with its compiled code kept between runs: that saves a tenth of the start. */

const { enableCompileCache, flushCompileCache } = require('node:module');
const os = require('node:os');
const path = require('node:path');

/** When what a start needs has been compiled, and the first frame is long drawn. */
const SETTLED_MS = 3000;

const directory = ownCacheDirectory();
if (directory && !process.env.NODE_COMPILE_CACHE) enableCompileCache(directory);
import('../dist/cli.js');
setTimeout(flushCompileCache, SETTLED_MS).unref();

/**
 * A directory in the user's own cache, or null without a home. Node's default is one under /tmp that anybody may
 * have made first, and compiled code is trusted without a check.
 */
function ownCacheDirectory() {
  const base = process.env.XDG_CACHE_HOME || path.join(homeDirectory(), platformCache());
  return path.isAbsolute(base) ? path.join(base, 'taskglass', 'compiled') : null;
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
