'use strict';

/* Loads the bundled program, with its compiled code kept between runs: that saves a third of a short command. */

const { compileCacheDirectory } = require('./compile-cache.js');
const { answersVersion } = require('./version.js');

/** Nothing has grown large by then, and what ends before need not load what bounds it. */
const YOUNG_FOR_MS = 1000;

const args = process.argv.slice(2);
if (!answersVersion(args)) {
  setTimeout(() => require('./heap-bounds.js').boundHeap(), YOUNG_FOR_MS).unref();
  load();
}

function load() {
  const directory = keepsCode() ? compileCacheDirectory() : null;
  if (directory) require('./code-cache.js').loadWithCode(directory, args);
  else require('../dist/cli.cjs');
}

/** Whether neither the user nor another runtime keeps it (or wants it not kept) in a way of its own. */
function keepsCode() {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  return (
    !NODE_COMPILE_CACHE && !NODE_DISABLE_COMPILE_CACHE && !process.versions.deno && !process.versions.bun
  );
}
