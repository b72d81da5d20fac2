'use strict';

/*
 * Runs the program with the code that earlier runs compiled. Node's own cache (`enableCompileCache`) holds only what is
 * compiled while a file is loaded; this one also holds the functions that are called later, which take most of a start.
 */

const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const DIST = path.join(__dirname, '..', 'dist');
const ENTRY = 'cli.cjs';
const HASHED = /-[A-Z0-9]{8}\.cjs$/;

/** Each command has a cache of its own, so that no start reads code that only another command needs. */
const COMMANDS = new Set(
  'complete completion config demo doctor eta hooks key ledger logs mcp notify publish record relay run send serve source status task wait watch'.split(
    ' ',
  ),
);
const THE_VIEW = 'view';
/** Has a cache of its own, because it draws nothing and is run often. */
const ONCE = '--once';

/** By then, everything that a start needs has been compiled, and the first frame was drawn long ago. */
const SETTLED_MS = 3000;
/** A cache older than this is written anew when a run ends, with what earlier runs did not call. */
const RENEWED_AFTER_MS = 3_600_000;

/** Loads and runs the program; saves its compiled code in `directory` once it has settled, and when it ends. */
exports.loadWithCode = (directory, args) => {
  const file = path.join(directory, exports.cacheName(args));
  const kept = findKept(file);
  const scripts = new Map();
  const load = createLoader(kept.codeOf, scripts);
  const keep = () => {
    const isComplete = [...scripts.values()].every(({ isKept }) => isKept);
    if (isComplete && Date.now() - kept.at < RENEWED_AFTER_MS) return;
    kept.at = Date.now();
    for (const script of scripts.values()) script.isKept = true;
    writeKept(file, scripts, kept);
  };
  process.on('exit', keep);
  setTimeout(keep, SETTLED_MS).unref();
  load(ENTRY);
};

/** Returns the name of a command's cache file. V8 itself checks its version, its flags and the processor. */
exports.cacheName = (args) => {
  const ofView = args.includes(ONCE) ? THE_VIEW + ONCE : THE_VIEW;
  const command = COMMANDS.has(args[0]) ? args[0] : ofView;
  return `${process.version}-${process.arch}-${command}`;
};

/**
 * Creates a `require` for the program's files. Their names contain a hash of their content, so that cached code is never used
 * for another source: V8 itself compares only the lengths.
 */
function createLoader(codeOf, scripts) {
  const modules = new Map();
  return function load(name) {
    const loaded = modules.get(name);
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    modules.set(name, module);
    const filename = path.join(DIST, name);
    const cachedData = codeOf(name);
    const script = new Script(readAsFunction(filename), { filename, cachedData });
    const isKept = cachedData !== undefined && !script.cachedDataRejected;
    if (HASHED.test(name)) scripts.set(name, { script, isKept });
    // Anything else resolves from here as it would from there, because the two folders are siblings.
    const requireAny = (id) => (id.startsWith('./') ? load(id.slice('./'.length)) : require(id));
    script.runInThisContext()(module.exports, requireAny, module, filename);
    return module.exports;
  };
}

const BEFORE = '(function (exports, require, module, __filename) {';
const AFTER = '\n})';

/** Returns a module as the source of a function. Builds one string from the start, because V8 would copy a concatenation. */
function readAsFunction(filename) {
  return withFile(filename, (fd) => {
    const length = fs.fstatSync(fd).size;
    const bytes = Buffer.allocUnsafeSlow(BEFORE.length + length + AFTER.length);
    bytes.latin1Write(BEFORE, 0);
    readInto(bytes, BEFORE.length, length, fd, 0);
    bytes.latin1Write(AFTER, BEFORE.length + length);
    return bytes.latin1Slice(); // the build writes ASCII, for which this decoder is the fastest
  });
}

/*
 * A cache file consists of the length of its table, the table as JSON (the name of each script and the length of its code),
 * and the code. It is flushed to the disk before it gets its name, so that a crash leaves no incomplete file.
 */
const HEAD_BYTES = 4;

/** Returns which scripts' code is in the cache, and how old it is; nothing if the file is missing or incomplete. */
function findKept(file) {
  try {
    return withFile(file, (fd) => {
      const stats = fs.fstatSync(fd);
      const start = HEAD_BYTES + readRange(fd, 0, HEAD_BYTES).readUInt32LE(0);
      const places = new Map();
      let end = start;
      for (const [name, length] of JSON.parse(readRange(fd, HEAD_BYTES, start).latin1Slice())) {
        places.set(name, [end, end + length]);
        end += length;
      }
      const codeOf = (name) => (places.has(name) ? readKept(file, stats, places.get(name)) : undefined);
      return end === stats.size ? { names: [...places.keys()], codeOf, at: stats.mtimeMs } : NOTHING;
    });
  } catch {
    return NOTHING;
  }
}

const NOTHING = { names: [], codeOf: () => undefined, at: 0 };

/** Reads the code of one script, when that is loaded: which ones a command needs depends on more than its name. */
function readKept(file, found, [start, end]) {
  try {
    return withFile(file, (fd) => {
      const { ino, mtimeMs } = fs.fstatSync(fd);
      const isReplaced = ino !== found.ino || mtimeMs !== found.mtimeMs;
      return isReplaced ? undefined : readRange(fd, start, end);
    });
  } catch {
    return undefined;
  }
}

function withFile(file, read) {
  const fd = fs.openSync(file);
  try {
    return read(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function readRange(fd, start, end) {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  readInto(bytes, 0, bytes.length, fd, start);
  return bytes;
}

/** Reads exactly `length` bytes. Throws if there are fewer. */
function readInto(bytes, at, length, fd, position) {
  let done = 0;
  while (done < length) {
    const read = fs.readSync(fd, bytes, at + done, length - done, position + done);
    if (read === 0) throw new Error('the file ends too soon');
    done += read;
  }
}

/**
 * Replaces the file in one step, because others may be reading it. Code that this run did not load stays in it, because
 * another run of the same command may need it. Ignores failure, which only makes the next start slower.
 */
function writeKept(file, scripts, kept) {
  const fresh = `${file}.${process.pid}`;
  try {
    const others = kept.names.filter((name) => !scripts.has(name) && isOfProgram(name));
    const codes = new Map(others.map((name) => [name, kept.codeOf(name)]));
    require('./heap-bounds.js').withFlagsOfStart(() => {
      for (const [name, { script }] of scripts) codes.set(name, script.createCachedData());
    });
    const known = [...codes].filter(([, code]) => code !== undefined);
    const table = Buffer.from(JSON.stringify(known.map(([name, code]) => [name, code.length])));
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(table.length);
    const bytes = Buffer.concat([head, table, ...known.map(([, code]) => code)]);
    fs.writeFileSync(fresh, bytes, { mode: 0o600, flag: 'wx', flush: true });
    fs.renameSync(fresh, file);
  } catch {
    fs.rmSync(fresh, { force: true });
  }
}

/** Tells whether a script belongs to this version: the names change with the content. */
function isOfProgram(name) {
  return fs.existsSync(path.join(DIST, name));
}
