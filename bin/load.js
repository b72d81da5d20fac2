'use strict';

/* Loads the bundled program, with its compiled code kept between runs: that saves a tenth of the start. */

// Deno has neither of the two.
const { enableCompileCache, flushCompileCache } = require('node:module');
const { compileCacheDirectory } = require('./compile-cache.js');
const { answersVersion } = require('./version.js');

/** When what a start needs has been compiled, and the first frame is long drawn. */
const SETTLED_MS = 3000;

if (!answersVersion(process.argv.slice(2))) load();

function load() {
  if (enableCompileCache && !process.env.NODE_COMPILE_CACHE) {
    const directory = compileCacheDirectory();
    if (directory) enableCompileCache(directory);
  }
  import('../dist/cli.js');
  if (flushCompileCache) setTimeout(flushCompileCache, SETTLED_MS).unref();
}
