'use strict';

/* The events of a session's hooks, one JSON object per line, in `claude/<session>.ndjson` of the runtime directory. */

const fs = require('node:fs');
const path = require('node:path');
const { journalsIn, listenersIn } = require('./runtime-names.js');

/** A journal longer than this is cut to its last `KEPT_BYTES`, because old events are of no use. */
const LONGEST_BYTES = 256 * 1024;
const KEPT_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Adds a line. If a session ends while no taskglass is open, its journal is removed. */
exports.note = (runtime, line) => {
  const directory = journalsIn(runtime);
  const file = path.join(directory, `${line.session}.ndjson`);
  try {
    if (line.event === 'SessionEnd' && listenersIn(runtime).length === 0)
      return fs.rmSync(file, { force: true });
    makeDirectory(directory);
    shorten(file);
    // The line break comes first, so that a line that was cut off by a full disk does not corrupt the next one.
    fs.appendFileSync(file, `\n${JSON.stringify(line)}`, { mode: 0o600 });
  } catch {
    // The agent must not be affected, and nothing depends on this line.
  }
};

function makeDirectory(directory) {
  try {
    fs.mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}

function shorten(file) {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (!stats || stats.size <= LONGEST_BYTES) return;
  const end = fs.readFileSync(file).subarray(-KEPT_BYTES);
  const fresh = `${file}.${process.pid}`;
  fs.writeFileSync(fresh, end.subarray(end.indexOf(NEWLINE) + 1), { mode: 0o600 });
  fs.renameSync(fresh, file);
}
