'use strict';

/* Finds the directory of src/storage/runtime-directory.ts, but does not create it. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const OTHERS = 0o077;

/** Returns the first of this user's runtime directories that exists and is private; null if there is none. */
exports.findRuntime = (env) => placesFor(env).find(isPrivate) ?? null;

function placesFor(env) {
  if (process.platform === 'win32') return [];
  if (env.TASKGLASS_HOME) return [path.join(env.TASKGLASS_HOME, 'run')];
  const given = isAbsolute(env.XDG_RUNTIME_DIR) ? [env.XDG_RUNTIME_DIR] : [];
  const usual = process.platform === 'linux' ? [`/run/user/${process.getuid()}`] : [];
  const bySystem = [...new Set([...given, ...usual])].map((parent) => path.join(parent, 'taskglass'));
  return [...bySystem, path.join(stateDirectory(env), 'taskglass', 'run')];
}

function stateDirectory(env) {
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Logs');
  return isAbsolute(env.XDG_STATE_HOME) ? env.XDG_STATE_HOME : path.join(os.homedir(), '.local', 'state');
}

function isAbsolute(given) {
  return Boolean(given) && path.isAbsolute(given);
}

function isPrivate(directory) {
  const stats = fs.lstatSync(directory, { throwIfNoEntry: false });
  return Boolean(stats?.isDirectory()) && stats.uid === process.geteuid() && (stats.mode & OTHERS) === 0;
}
