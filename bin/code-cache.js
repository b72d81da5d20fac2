'use strict';

/*
 * Runs the program with the code that earlier runs have compiled. Node's own cache (`enableCompileCache`) holds what is
 * compiled as a file is loaded; this one also holds the functions that were called later, which are most of a start.
 */

const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');
const { withFlagsOfStart } = require('./heap-bounds.js');

const DIST = path.join(__dirname, '..', 'dist');
const ENTRY = 'cli.cjs';
const HASHED = /-[A-Z0-9]{8}\.cjs$/;

/** Each has a cache of its own: what another command calls would only be read in vain. */
const COMMANDS = new Set(
  'config demo eta key ledger logs mcp publish record relay run send serve source status task wait'.split(
    ' ',
  ),
);
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

/** V8 itself checks its version, its flags and the processor. */
exports.cacheName = ([word]) => {
  const command = COMMANDS.has(word) ? word : THE_VIEW;
  return `${process.version}-${process.arch}-${command}`;
};

/**
 * A `require` for the files of the program. The name of each that is kept has the hash of its content, so code of another
 * source is never taken for its own; V8 itself compares no more than the lengths.
 */
function createLoader(code, scripts) {
  const modules = new Map();
  return function load(name) {
    const loaded = modules.get(name);
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const filename = path.join(DIST, name);
    const source = fs.readFileSync(filename, 'utf8');
    const cachedData = code.get(name);
    const script = new Script(`(function (exports, require, module, __filename) {${source}\n})`, {
      filename,
      cachedData,
    });
    const isKept = cachedData !== undefined && !script.cachedDataRejected;
    if (HASHED.test(name)) scripts.set(name, { script, isKept });
    // What is no file of the program is found from here as from there: both folders lie beside each other.
    const requireAny = (id) => (id.startsWith('./') ? load(id.slice('./'.length)) : require(id));
    script.runInThisContext()(module.exports, requireAny, module, filename);
    return module.exports;
  };
}

/*
 * A cache file is the length of its table, the table as JSON (the name of each script, the length of its code), and the
 * codes. It is on the disk before it has its name, so a crash leaves no half of it.
 */
const HEAD_BYTES = 4;

/** The codes by the names of their scripts; none where the file is missing or is not whole. */
function readKept(file) {
  const none = { code: new Map(), at: 0 };
  try {
    const code = new Map();
    const bytes = fs.readFileSync(file);
    let start = HEAD_BYTES + bytes.readUInt32LE(0);
    for (const [name, length] of JSON.parse(bytes.latin1Slice(HEAD_BYTES, start))) {
      code.set(name, bytes.subarray(start, start + length));
      start += length;
    }
    return start === bytes.length ? { code, at: fs.statSync(file).mtimeMs } : none;
  } catch {
    return none;
  }
}

/** Replaces the file in one step, as others may be reading it. Where that fails, a start takes a little longer. */
function writeKept(file, scripts) {
  const fresh = `${file}.${process.pid}`;
  try {
    const codes = withFlagsOfStart(() =>
      [...scripts.values()].map(({ script }) => script.createCachedData()),
    );
    const table = Buffer.from(
      JSON.stringify([...scripts.keys()].map((name, at) => [name, codes[at].length])),
    );
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(table.length);
    fs.writeFileSync(fresh, Buffer.concat([head, table, ...codes]), { mode: 0o600, flag: 'wx', flush: true });
    fs.renameSync(fresh, file);
  } catch {
    fs.rmSync(fresh, { force: true });
  }
}
