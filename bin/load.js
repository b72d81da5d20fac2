'use strict';

/* Loads the bundled program with the compiled code of earlier runs, which saves a third of the time of a short command. */

/** The heap is still small by then, and a command that ends earlier need not load the code that bounds it. */
const YOUNG_FOR_MS = 1000;

const args = process.argv.slice(2);
if (!asksVersion() || !require('./version.js').answersVersion()) {
  setTimeout(() => require('./heap-bounds.js').boundHeap(), YOUNG_FOR_MS).unref();
  load();
}

function asksVersion() {
  return args.length === 1 && (args[0] === '--version' || args[0] === '-V');
}

function load() {
  const directory = keepsCode() ? require('./compile-cache.js').compileCacheDirectory() : null;
  if (directory) require('./code-cache.js').loadWithCode(directory, args);
  else require('../dist/cli.cjs');
}

/** Tells whether compiled code is cached here: neither the user nor another runtime has a setting of its own for that. */
function keepsCode() {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  return (
    !NODE_COMPILE_CACHE && !NODE_DISABLE_COMPILE_CACHE && !process.versions.deno && !process.versions.bun
  );
}
