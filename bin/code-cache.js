'use strict';

/*
 * Runs the program with the code that earlier runs have compiled. Node's own cache (`enableCompileCache`) holds what is
 * compiled as a file is loaded; this one also holds the functions that were called later, which are most of a start.
 */

const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

const DIST = path.join(__dirname, '..', 'dist');
const ENTRY = 'cli.cjs';

/** Each has a cache of its own: what another command calls would only be read in vain. */
const COMMANDS = new Set([
  'config',
  'demo',
  'eta',
  'key',
  'ledger',
  'publish',
  'record',
  'relay',
  'run',
  'send',
]);
for (const name of ['serve', 'task', 'wait']) COMMANDS.add(name);
const THE_VIEW = 'view';

/** When what a start needs has been compiled, and the first frame is long drawn. */
const SETTLED_MS = 3000;
/** What the first run did not call is kept from this age on, at the end of whichever run comes then. */
const RENEWED_AFTER_MS = 3_600_000;

/** Loads and runs the program, and keeps its compiled code in `directory` as it settles and as it ends. */
exports.loadWithCode = (directory, args) => {
  const file = path.join(directory, exports.cacheName(args));
  const kept = readKept(file);
  const scripts = new Map();
  const load = createLoader(kept.code, scripts);
  const keep = () => {
    const isComplete = [...scripts.values()].every(({ isKept }) => isKept);
    if (isComplete && Date.now() - kept.at < RENEWED_AFTER_MS) return;
    kept.at = Date.now();
    for (const script of scripts.values()) script.isKept = true;
    writeKept(file, scripts);
  };
  process.on('exit', keep);
  setTimeout(keep, SETTLED_MS).unref();
  load(ENTRY);
};

/** V8 itself checks its version, its flags and the processor; not the whole of the code, nor what it was made from. */
exports.cacheName = ([word]) => {
  const command = COMMANDS.has(word) ? word : THE_VIEW;
  return `${process.version}-${process.arch}-${crc32(DIST).toString(16)}-${command}`;
};

/** A `require` for the files of the program, which are compiled from `code` where that was made from the same source. */
function createLoader(code, scripts) {
  const modules = new Map();
  return function load(name) {
    const loaded = modules.get(name);
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const filename = path.join(DIST, name);
    const source = fs.readFileSync(filename);
    const sum = crc32(source);
    const cachedData = code.get(`${name} ${sum}`);
    const script = new Script(`(function (exports, require, module, __filename) {${source}\n})`, {
      filename,
      cachedData,
    });
    scripts.set(name, { script, sum, isKept: cachedData !== undefined });
    const requireOther = createRequire(filename);
    const requireAny = (id) => (id.startsWith('./') ? load(id.slice('./'.length)) : requireOther(id));
    script.runInThisContext()(module.exports, requireAny, module, filename);
    return module.exports;
  };
}

/*
 * A cache file is a check sum of all that follows, the length of the table, the table as JSON (name and check sum of
 * each source, length of its code), and the codes.
 */
const HEAD_BYTES = 8;

/** The codes by name and check sum of their source; none where the file is missing or damaged. */
function readKept(file) {
  const code = new Map();
  try {
    const bytes = fs.readFileSync(file);
    if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) return { code, at: 0 };
    let start = HEAD_BYTES + bytes.readUInt32LE(4);
    for (const [key, length] of JSON.parse(bytes.latin1Slice(HEAD_BYTES, start))) {
      code.set(key, bytes.subarray(start, start + length));
      start += length;
    }
    return { code, at: fs.statSync(file).mtimeMs };
  } catch {
    return { code, at: 0 };
  }
}

/** Replaces the file in one step, as others may be reading it. Where that fails, a start takes a little longer. */
function writeKept(file, scripts) {
  const fresh = `${file}.${process.pid}`;
  try {
    const codes = [...scripts.values()].map(({ script }) => script.createCachedData());
    const table = [...scripts].map(([name, { sum }], index) => [`${name} ${sum}`, codes[index].length]);
    const names = Buffer.from(JSON.stringify(table), 'latin1');
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(names.length, 4);
    const bytes = Buffer.concat([head, names, ...codes]);
    bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
    fs.writeFileSync(fresh, bytes, { mode: 0o600, flag: 'wx' });
    fs.renameSync(fresh, file);
  } catch {
    fs.rmSync(fresh, { force: true });
  }
}
